"""What a stranger's pickle says, read without doing any of it.

A pickle is a program. Python's unpickler runs it: it imports what the file names and calls what it imported. torch's
weights_only runs it too, with a list of what may be imported, so that a file with anything else beside its weights (a
datetime, a loss, an enum) is lost. Here the program is only *followed*, on a stack of values of this package's own:

- pickletools.genops, which reads instructions and executes none, gives one after another.
- A global becomes a Name, which is a text. Nothing is imported, looked up or got by getattr, so neither the name nor
  what lies behind it can do anything, whatever it is.
- A call (REDUCE, NEWOBJ, INST, OBJ) is looked up by that text in made.py's table. What stands there makes dicts, sets,
  bytes and descriptions of tensors, out of arguments whose types it checks itself. Any other call becomes a Thing,
  which keeps the name and the arguments. Calling what a call gave is another Thing.
- No tensor is made and no function of torch is called until the whole pickle is read and stored.py has checked a
  description against the file, so torch's rebuild functions, its tensor subclasses and their hooks play no part.
- A state (BUILD) is kept beside a Thing or an Array and dropped elsewhere: no __setstate__, no __dict__, no setattr.
  Lists, dicts and sets are filled (APPEND, SETITEM) if they are exactly that, or a Thing, whose entries are a dict's.
- A numpy array is an Array of this package's; arrays.py makes a tensor of the bytes in its state if every part of that
  is as numpy writes it for plain numbers. Numpy is not imported, so its dtypes and subclasses play no part either.
- So the only thing that the file's values are made to do is to be hashed and compared as keys, by Python's own types
  and those of values.py; what that takes in time and memory is for the process's limits.

The harmful names below are no part of that: what they name would stay as inert as all else. But nobody needs os.system
to keep weights; a file that asks for it was made to do harm where it is opened, and its owner should hear of it.
"""

import pickletools
from collections.abc import Callable
from typing import IO, Any

from .made import made
from .refused import Refused
from .values import Array, Name, Storage, Thing

_MOVED = {"__builtin__": "builtins", "copy_reg": "copyreg", "torch.tensor": "torch._tensor"}  # by Python 3 and torch
_STORED = {
    "Float": "float32", "Double": "float64", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool", "Untyped": "uint8",
    "ComplexFloat": "complex64", "ComplexDouble": "complex128", "QInt8": "qint8", "QUInt8": "quint8",
    "QInt32": "qint32", "QUInt4x2": "quint4x2", "QUInt2x4": "quint2x4",
}  # fmt: skip
_MOST_INSTRUCTIONS = 2**24
_HARMFUL_MODULES = frozenset((
    "_pickle", "_posixsubprocess", "asyncio", "bdb", "code", "codeop", "commands", "ctypes", "ftplib", "http",
    "importlib", "marshal", "nt", "os", "pdb", "pickle", "pip", "popen2", "posix", "pty", "requests", "runpy", "shutil",
    "smtplib", "socket", "subprocess", "sys", "timeit", "urllib", "webbrowser",
))  # fmt: skip
_HARMFUL_BUILTINS = frozenset((
    "__import__", "breakpoint", "compile", "delattr", "eval", "exec", "execfile", "globals", "input", "locals", "open",
    "setattr",
))  # fmt: skip


def followed(file: IO[bytes], storages: dict[str, Storage] | None = None) -> Any:  # noqa: ANN401
    """The value of the pickle that begins where the file stands, which then stands behind it.

    storages: gets every storage that is spoken of, whole, by its key. Raises Refused, also for a pickle that says far
    more than there is to say of a network, and whatever an instruction without sense leads to: the file is damaged.
    """
    machine = _Machine({} if storages is None else storages)
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if count == _MOST_INSTRUCTIONS:
            raise Refused("crowded")
        if opcode.name == "STOP":
            break
        _STEPS[opcode.name](machine, argument)
    return machine.pop()


class _Machine:
    """The values above the last mark, those below it, and the memo."""

    def __init__(self, storages: dict[str, Storage]) -> None:
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []
        self.memo: dict[int, object] = {}
        self.storages = storages

    def push(self, value: object) -> None:
        self.stack.append(value)

    def pop(self) -> Any:  # noqa: ANN401
        return self.stack.pop()

    def mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def popped(self) -> list[Any]:
        """What was pushed since the mark."""
        above, self.stack = self.stack, self.below.pop()
        return above

    def collect(self, make: Callable[[list[Any]], object]) -> None:
        values = self.popped()
        self.push(make(values))

    def tuple(self, count: int) -> None:
        values = [self.pop() for _ in range(count)]
        self.push(tuple(reversed(values)))

    def keep(self, index: int) -> None:
        self.memo[index] = self.stack[-1]

    def get(self, index: int) -> None:
        self.push(self.memo[index])

    def append(self, values: list[Any]) -> None:
        if type(self.stack[-1]) is list:
            self.stack[-1].extend(values)
        elif type(self.stack[-1]) is not Thing:  # what a deque holds is of no use
            raise Refused("damaged")

    def set_items(self, flat: list[Any]) -> None:
        if type(self.stack[-1]) not in (dict, Thing):
            raise Refused("damaged")
        self.stack[-1].update(_pairs(flat))

    def add_items(self, values: list[Any]) -> None:
        if type(self.stack[-1]) is not set:
            raise Refused("damaged")
        self.stack[-1].update(values)

    def call(self) -> None:
        arguments, function = self.pop(), self.pop()
        self.push(made(function, arguments))

    def call_named(self) -> None:
        named, arguments, function = self.pop(), self.pop(), self.pop()
        self.push(made(function, (arguments, named)))

    def build(self) -> None:
        state = self.pop()
        if type(self.stack[-1]) in (Thing, Array):
            self.stack[-1].state = state

    def store(self) -> None:
        """What the file keeps outside the pickle: a storage, or (before torch 1.6) a class beside its source."""
        match self.pop():
            case ("module", found, *_):
                self.push(found)
            case ("storage", Name(kind), str(key) | int(key), _, int(count), *view) if count >= 0:
                self.push(self._storage(kind, str(key), count, view))
            case _:
                raise Refused("damaged")

    def _storage(self, kind: str, key: str, count: int, view: list[Any]) -> Storage:
        whole = Storage(key, _STORED.get(kind.rpartition(".")[2].removesuffix("Storage"), ""), count)
        self.storages.setdefault(key, whole)
        match view:
            case [] | [None]:
                return whole
            case [(_, int(start), int(length))] if min(start, length) >= 0:
                return Storage(key, whole.dtype, length, start)
        raise Refused("damaged")


def _named(module: object, name: object) -> Name:
    if not isinstance(module, str) or not isinstance(name, str):
        raise Refused("damaged")
    module = _MOVED.get(module, module)
    if module == "builtins" and name in _HARMFUL_BUILTINS:
        raise Refused("code", name)
    if module.partition(".")[0] in _HARMFUL_MODULES:
        raise Refused("code", f"{module}.{name}")
    return Name(f"{module}.{name}")


def _of_line(line: str) -> Name:
    return _named(*line.split(" ", 1))


def _pairs(flat: list[Any]) -> dict[Any, Any]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _set_item(machine: _Machine) -> None:
    value, key = machine.pop(), machine.pop()
    machine.set_items([key, value])


def _stack_global(machine: _Machine) -> None:
    name, module = machine.pop(), machine.pop()
    machine.push(_named(module, name))


def _call_collected(machine: _Machine) -> None:
    function, *arguments = machine.popped()
    machine.push(made(function, tuple(arguments)))


def _pop(machine: _Machine) -> None:
    if machine.stack:
        machine.pop()
    else:
        machine.popped()


def _pushing(make: Callable[[], object]) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.push(make())


def _alone(step: Callable[[_Machine], object]) -> Callable[[_Machine, Any], None]:
    """A step that has no argument in the file."""

    def take(machine: _Machine, _: object) -> None:
        step(machine)

    return take


_GIVEN = (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "SHORT_BINUNICODE",
    "BINUNICODE", "BINUNICODE8",
)  # fmt: skip
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    **dict.fromkeys(_GIVEN, _Machine.push),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.keep),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.get),
    **dict.fromkeys(("PROTO", "FRAME"), lambda machine, _: None),
    "MEMOIZE": lambda machine, _: machine.keep(len(machine.memo)),
    "NONE": _pushing(lambda: None),
    "NEWTRUE": _pushing(lambda: True),
    "NEWFALSE": _pushing(lambda: False),
    "EMPTY_LIST": _pushing(list),
    "EMPTY_TUPLE": _pushing(tuple),
    "EMPTY_DICT": _pushing(dict),
    "EMPTY_SET": _pushing(set),
    "MARK": _alone(_Machine.mark),
    "POP": _alone(_pop),
    "POP_MARK": _alone(_Machine.popped),
    "DUP": _alone(lambda machine: machine.push(machine.stack[-1])),
    "LIST": _alone(lambda machine: machine.collect(list)),
    "TUPLE": _alone(lambda machine: machine.collect(tuple)),
    "DICT": _alone(lambda machine: machine.collect(_pairs)),
    "FROZENSET": _alone(lambda machine: machine.collect(frozenset)),
    "TUPLE1": _alone(lambda machine: machine.tuple(1)),
    "TUPLE2": _alone(lambda machine: machine.tuple(2)),
    "TUPLE3": _alone(lambda machine: machine.tuple(3)),
    "APPEND": _alone(lambda machine: machine.append([machine.pop()])),
    "APPENDS": _alone(lambda machine: machine.append(machine.popped())),
    "SETITEM": _alone(_set_item),
    "SETITEMS": _alone(lambda machine: machine.set_items(machine.popped())),
    "ADDITEMS": _alone(lambda machine: machine.add_items(machine.popped())),
    "GLOBAL": lambda machine, line: machine.push(_of_line(line)),
    "STACK_GLOBAL": _alone(_stack_global),
    "REDUCE": _alone(_Machine.call),
    "NEWOBJ": _alone(_Machine.call),
    "NEWOBJ_EX": _alone(_Machine.call_named),
    "INST": lambda machine, line: machine.push(made(_of_line(line), tuple(machine.popped()))),
    "OBJ": _alone(_call_collected),
    "BUILD": _alone(_Machine.build),
    "BINPERSID": _alone(_Machine.store),
}
