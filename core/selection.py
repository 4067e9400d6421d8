"""What the reader selected: the whole state of the pages, and of their address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core import address
from core.address import Parameter, Parameters
from core.evidence_view import EvidenceView
from core.images.address import MAX_ADDRESS
from core.question import DEFAULT_NETWORKS, Question
from core.targets import Classes, TopK
from core.values import Window
from core.view import View

TOOLS = ("region", "agreement", "evidence", "numbers", "export")
TOP_CLASSES = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """A picture, what is asked of it, and how the answer is shown.

    picture: a sample's name, an http(s) address, or "upload-" and a digest. question: what the pages ask, each as far
    as it goes: see `compare_question`, `class_question`. subject: the network of the Classes page; "" is the first one
    of the question. classes: those explained there; () are the most probable ones. mode: which of them, "top",
    "chosen" or "contrast"; an address implies it. tool: the one below the grid, or "". evidence: what its Test shows.
    presenting: whether the controls are hidden and the grid is as large as the screen. window: which values of a
    picture of more than 8 bits are black and white, None as is proposed.
    """

    picture: str = "chelsea"
    question: Question = Question()
    view: View = View()
    subject: str = ""
    classes: tuple[int, ...] = ()
    mode: str = "top"
    tool: str = ""
    evidence: EvidenceView = EvidenceView()
    presenting: bool = False
    window: Window | None = None

    @property
    def compare_question(self) -> Question:
        """The question of the Compare page, which contrasts nothing."""
        return replace(self.question, against=None)

    @property
    def comparison(self) -> "Selection":
        """What the Compare page compares, whatever is chosen for the Classes page, below the grid or for presenting."""
        return Selection(self.picture, self.compare_question, self.view, window=self.window)

    @property
    def class_question(self) -> Question:
        """The question of the Classes page: one network's classes, or one class against another in several networks."""
        against = self.question.against
        if against is None:
            targets = Classes(self.classes) if self.classes else TopK(TOP_CLASSES)
            return replace(self.question.of(self.class_network), targets=targets)
        return replace(self.question, targets=Classes(self.classes[:1]) if self.classes else TopK(excluding=against))

    @property
    def class_network(self) -> str:
        """The network whose classes the Classes page explains, where it contrasts nothing."""
        return self.subject or (self.question.networks or DEFAULT_NETWORKS)[0]

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Selection":
        """Read an address, which a stranger may have written; what makes no sense is default."""
        if not query.keys() & _KEYS:
            return cls()
        default = cls(question=_UNSAID)
        read = address.read_from(query, _SELECTION, default)
        question = address.read_from(query, address.QUESTION, default.question)
        mode = "chosen" if read.classes else "top"
        return replace(
            read,
            question=question,
            view=address.read_from(query, address.VIEW, default.view),
            evidence=address.read_from(query, address.EVIDENCE, default.evidence),
            mode=mode if question.against is None else "contrast",
        )

    def to_query(self) -> dict[str, str]:
        """Plain text for an address; what is left out of it is said by `from_query`."""
        if self == Selection():
            return {}
        default = Selection(question=_UNSAID)
        query = (
            address.written(self, _SELECTION, default)
            | address.written(self.question, address.QUESTION, default.question)
            | address.written(self.view, address.VIEW, default.view)
            | address.written(self.evidence, address.EVIDENCE, default.evidence)
        )
        return query or {"networks": ",".join(self.question.networks)}  # an empty address would be the first page


# An address that says something, but not which networks, was written when the first page had this one alone; it must
# still mean that. Only the empty address follows today's default.
_UNSAID = Question(networks=("efficientnet_lite0",))
_SELECTION: Parameters = {
    "picture": Parameter("picture", lambda text: text[: MAX_ADDRESS + 1] or None),
    "subject": Parameter("subject", address.network),
    "classes": Parameter("classes", address.indices),
    "tool": Parameter("ask", address.one_of(TOOLS)),
    "presenting": Parameter("present", address.flag),
    "window": Parameter("window", Window.parse),
}
_KEYS = {each.key for part in (_SELECTION, address.QUESTION, address.VIEW, address.EVIDENCE) for each in part.values()}
