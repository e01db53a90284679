"""An Executor that says where a request has been."""

import os
import socket
import time

from docarray import DocList
from jina import Executor, requests
from message import Message


class Tell(Executor):
    """Appends `|NAME@HOST` to texts.

    `sleep` is how many seconds it takes to start, `nap` how many a call of `/nap` or `/burn`
    takes. `variable` is a variable of the environment, whose value follows as `=VALUE`.
    """

    def __init__(self, sleep: float = 0, nap: float = 0, variable: str = '', **kwargs) -> None:
        super().__init__(**kwargs)
        time.sleep(sleep)
        self.seconds = nap
        self.place = f'{self.runtime_args.name}@{socket.gethostname()}'
        if variable:
            self.place += f'={os.environ.get(variable)}'

    @requests
    def tell(self, docs: DocList[Message], **_) -> DocList[Message]:
        for doc in docs:
            doc.text += f'|{self.place}'
            doc.seen.append(self.place)
        return docs

    @requests(on='/nap')
    def nap(self, docs: DocList[Message], **kwargs) -> DocList[Message]:
        """Takes its time, and says in the log when it begins."""
        print('a nap begins', flush=True)
        time.sleep(self.seconds)
        return self.tell(docs, **kwargs)

    @requests(on='/burn')
    def burn(self, docs: DocList[Message], **kwargs) -> DocList[Message]:
        """Works as long as `/nap` takes its time."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            pass
        return self.tell(docs, **kwargs)

    @requests(on='/remember')
    def remember(self, docs: DocList[Message], **_) -> DocList[Message]:
        """Keeps texts in the workspace."""
        with open(self.notes(), 'a', encoding='utf-8') as notes:
            notes.writelines(f'{doc.text}\n' for doc in docs)
        return docs

    @requests(on='/recall')
    def recall(self, docs: DocList[Message], **_) -> DocList[Message]:
        """Answers with all that was kept."""
        for doc in docs:
            with open(self.notes(), encoding='utf-8') as notes:
                doc.seen.extend(notes.read().split())
        return docs

    @requests(on='/read')
    def read(self, docs: DocList[Message], **_) -> DocList[Message]:
        """Answers with the words of the files that texts name."""
        for doc in docs:
            with open(doc.text, encoding='utf-8') as file:
                doc.seen.extend(file.read().split())
        return docs

    def notes(self) -> str:
        os.makedirs(self.workspace, exist_ok=True)
        return os.path.join(self.workspace, 'notes.txt')
