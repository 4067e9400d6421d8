"""The Methods page: every rule, method, reduction and test in words, with its source and what it cannot say."""

from dataclasses import astuple
from string import Template

import streamlit as st

from core.estimators.kinds import About, Choice, Parameter
from core.estimators.table import ESTIMATORS
from core.evidence.measured import MEASURED, Measured
from core.evidence.table import TESTS, Test
from core.rules import RULES
from core.ui.words import minus, source_title

_FURTHER = [about for name, about in ESTIMATORS.items() if name != "plain"]
_TEXT = Template("""
# How to read the maps

A map answers one question: **if this pixel changed a little, how much would the network's score for this class
change?** The score is the logit, before softmax, so other classes do not mix in. Probabilities are shares of all
classes (softmax), or each class's own (sigmoid) where a network's owner says so. Colour is in raw units, *logit / σ*:
σ is what each network divides its input by. It is 0.23 of the full range of a colour for nearly all of torchvision's
networks and 0.50 for EfficientNet-Lite, whose raw values are therefore 2.2 times larger for the same effect of the same
pixel.

## The gradients

$rules

Guided backprop and deconvnet are defined for rectifiers only. Each panel says how many of a network's activations
are rectifiers, counted by calls: *49 of 49 rectifiers* is the real thing, *14 of 33 activations* is a mixture, and a
network with none has no such map.

## Other methods

They are added below the gradients in the sidebar, and stand in the same grid. Maps in different units share no scale.
Of a layer a map has one value a place: the panel says how many there are, such as *7 × 7*, and *Take away* keeps them
as they are. SmoothGrad and its kin say how far two halves of their samples agree: a rank correlation, corrected to the
whole number of samples (Spearman-Brown); below 0.7 another seed gives another map. Integrated gradients say what share
of the score's difference they add up to. Deconvnet says where it ignores the picture: without max-pooling its map is
the same for every photo.

$methods

## From three colours to one value

| Reduction | What it is |
|---|---|
| **max \\|g\\|** | the largest magnitude over red, green and blue; never negative (Simonyan et al. 2014) |
| **max g** | the largest signed value, as in FlashTorch: a pixel with (-9, -8, -7) becomes -7 |
| **L2** | the Euclidean length of the three |
| **Σ g** | the signed sum: what happens if all three change together |

**RGB** shows the three gradients themselves as colours: grey is zero, or near it; the values are under the mouse.

## The colour scale

By default, all networks share one scale for each gradient, so a brighter panel has larger raw values. It ends at the
99.5th percentile; where values lie beyond it the colour bar says "≥". Logits of different networks are different
units: a brighter network is more sensitive, not more right. "Each panel" gives every panel a scale of its own, to
compare shapes.

## Where a map lies

Networks see different parts of a picture: most crop its centre. **The picture** lays every map on the uncropped
picture, each value at the place it came from, without smoothing but for the few values of a layer; what a network did
not see is hatched.

## Questions to a map

- **Region**: the share of a map's magnitudes inside a box, against the box's share of the area that was seen: 1.0× is
  chance. **Cover it** replaces the box in the picture by a strong blur, the mean colour or noise and shows each
  network's new probability. Networks were not trained on covered photos, so one cover alone proves little.
- **Agreement**: Spearman's rank correlation of magnitudes, the part of the strongest 5 % of the pixels that two maps
  share, and SSIM (Wang et al. 2004). An alarm says where two maps that should differ are nearly the same: guided maps
  of two classes (Nie et al. 2018, [arXiv:1805.07039](https://arxiv.org/abs/1805.07039)), or a map and plain edges
  (Adebayo et al. 2018, [arXiv:1810.03292](https://arxiv.org/abs/1810.03292)).
- **One class against another**: the gradient of the difference of two logits. For vanilla that is the difference of
  the two maps; for guided and deconvnet it is not, since their rule acts on the difference.

## Which map to believe

Two maps of one picture differ: the **?** in a map's corner, or *Test* below the grid, asks what can be found out about
each. Edges, noise and a blob in the middle, which know no network, go through the same tests: what they can do says
nothing for a map. No test says that a map is right, and none ranks methods.

$tests

### What they found

Medians of rank correlations with the map itself, over twelve photos by EfficientNet-Lite0, 1 and 2 (of slow methods
over six by Lite0); beside them, of how many of 19 moved copies a map beats on average (chance: 9.5; of input ×
gradient, integrated gradients, LayerCAM and guided Grad-CAM over the twelve photos by Lite0 alone). A layer's grid has
too few places for a correlation. Read rows, not columns: they do not rank methods.

$measured

## Beyond one picture

A map of one picture cannot tell a habit, and gradient maps hardly show a stamp: the share of Hans's vanilla map that
lies on the line it lives by is about that of the line's area. **Audit** asks about many pictures instead.

- **Class evidence**: what the places of the last layer say for a class, less what they say for the others on average;
  for networks that end in an average and one linear layer a class activation map (Zhou et al. 2016,
  [arXiv:1512.04150](https://arxiv.org/abs/1512.04150)), else Grad-CAM of that difference.
- **Suspects**: places where a class has 1.5 times its fair share and more than the other classes, beyond 99 % of the
  largest differences when labels are drawn by lot. Most are the objects.
- **Alike?** In small windows, the share of pairs of crops that correlate above 0.5, less that of the other classes'
  crops; the most alike window counts. It is looked for in the suspects, and once more everywhere: a network can lean
  on what is no suspect.
- **Used?** What looks alike is exchanged: up to 30 pictures that have it get the same place of four pictures of other
  classes each, which get theirs. How far the odds of the class follow it, both ways, is held against the same exchange
  with those of the class's pictures that have it not; the interval is a bootstrap over the pictures. Where fewer than
  8 are without, or less than a fourth and that does not suffice, it is held against the places that mirror it, which
  are as large and as far from the middle, and has to be twice as much, since things stand on the ground. Only what is
  alike and used is called a finding.
- **Needed?** The place is covered by a blur in up to 40 pictures, and six other places of its size. A place that is
  needed and not alike is most likely the object.
- Of copies of a file in one class the first counts; pictures that are nearly the same (frames of a film, say) count
  each, and make a class look more alike than it is.
- **Pixels alone**: a linear discriminant of each of 8 × 8 places, judged on pictures that it was not made from (AUC).
- **Groups**: spectral clusters of evidence (Lapuschkin et al. 2019,
  [arXiv:1902.10178](https://arxiv.org/abs/1902.10178)), drawn by t-SNE: to look at, and no verdict.

## What a map does not show

- **It is not a cause.** A gradient is the local slope. Where a network is saturated it is small, however important
  the pixel (Shrikumar et al. 2017, [arXiv:1704.02685](https://arxiv.org/abs/1704.02685); Sundararajan et al. 2017,
  [arXiv:1703.01365](https://arxiv.org/abs/1703.01365)).
- **Sharper is not more faithful.** Guided backprop barely changes when upper layers are randomised (Adebayo et al.
  2018, [arXiv:1810.03292](https://arxiv.org/abs/1810.03292)); it partly recovers the picture itself (Nie et al. 2018,
  [arXiv:1805.07039](https://arxiv.org/abs/1805.07039)).
- **Noise is partly architecture.** Strides and pooling leave patterns of their own (Balduzzi et al. 2017,
  [arXiv:1702.08591](https://arxiv.org/abs/1702.08591); Smilkov et al. 2017,
  [arXiv:1706.03825](https://arxiv.org/abs/1706.03825)).
- **A map that looks right can be wrong, and the other way round.** Shortcuts often do not show (Adebayo et al. 2022,
  [arXiv:2212.04629](https://arxiv.org/abs/2212.04629)), people trust maps too much (Nguyen et al. 2021,
  [arXiv:2105.14944](https://arxiv.org/abs/2105.14944)), and small changes of a picture can change its map a lot
  (Ghorbani et al. 2019, [arXiv:1710.10547](https://arxiv.org/abs/1710.10547)).
- **What a network did not see it cannot show.** Most recipes crop the centre: the caption of the input says how much
  of the picture that was.
""")


def show_methods() -> None:
    """Draw the page."""
    with st.container(width=860):
        tests = "\n\n".join(map(_test, TESTS.values()))
        st.markdown(
            _TEXT.substitute(
                rules=_rules(), methods="\n\n".join(map(_card, _FURTHER)), tests=tests, measured=_measured()
            )
        )


def _card(about: About) -> str:
    """A method's row of core.estimators.table, in Markdown."""
    paper = f", [arXiv:{about.paper}](https://arxiv.org/abs/{about.paper})" if about.paper else ""
    said = [
        f"### {about.title}",
        f"**{about.question}**",
        f"- {about.formula}; in {about.unit}",
        f"- Cost: {about.cost}.",
        *([f"- Chosen by the reader: {', '.join(map(_parameter, about.parameters))}."] if about.parameters else []),
        *(["- Also by guided backprop and deconvnet."] if about.rules is None else []),
        f"- {about.caution}",
        f"- {about.source}{paper}",
    ]
    return "\n".join([*said[:2], "", *said[2:]])


def _test(about: Test) -> str:
    """A test's row of core.evidence.table, in Markdown."""
    said = about.how, f"Cost: {about.cost}.", about.cannot, f"{about.source}"
    return "\n".join([f"### {about.question}", "", *(f"- {each}" for each in said)])


def _measured() -> str:
    """The table of core.evidence.measured in Markdown."""
    head = "| Map | classes erased | half erased | all erased | another class | noise | JPEG | beats of 19 |"
    rows = (f"| **{source_title(name)}** | {_figures(measured)} |" for name, measured in MEASURED.items())
    return "\n".join((head, "|---" * 8 + "|", *rows))


def _figures(measured: Measured) -> str:
    *likeness, place = astuple(measured)[1:]
    said = ["" if value is None else minus(f"{value:.2f}") for value in likeness]
    return " | ".join([*said, "" if place is None else f"{place:.1f}"])


def _parameter(parameter: Parameter) -> str:
    name = parameter.label[0].lower() + parameter.label[1:]
    if isinstance(parameter, Choice):
        return f"{name} ({', '.join(parameter.options)})"
    return f"{name} ({parameter.least:g} to {parameter.most:g})"


def _rules() -> str:
    """The table of core.rules in Markdown."""
    head = "| Gradient | At every rectifier (ReLU, ReLU6) the signal *g* on its way back becomes | Source |"
    rows = (
        f"| **{rule.title}** | {rule.words} | {rule.source}, [arXiv:{rule.paper}](https://arxiv.org/abs/{rule.paper}) |"
        for rule in RULES.values()
    )
    return "\n".join((head, "|---|---|---|", *rows))
