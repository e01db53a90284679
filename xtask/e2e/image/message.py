"""The document that Flows of these tests carry."""

from docarray import BaseDoc


class Message(BaseDoc):
    """A text that grows on its way, and every Executor that has seen it.

    `text` shows the order of Executors. Where branches or shards join, Jina keeps one text and
    puts lists together, so `seen` shows them all. Conditions look at `kind`.
    """

    text: str = ''
    kind: str = ''
    seen: list[str] = []
