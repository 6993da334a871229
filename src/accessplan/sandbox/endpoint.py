"""An endpoint: a function that answers requests, with all that a request may say to it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from accessplan.sandbox.body import Check
from accessplan.sandbox.context import Context
from accessplan.sandbox.parameters import AnyParameter, Query, Several, choice
from accessplan.sandbox.query import Filter, Listing, filter_parameters
from accessplan.sandbox.wire import Answer


@dataclass(frozen=True)
class Endpoint:
    """What it reads of a request is what it takes, by construction: it is given nothing else."""

    do: Callable[[Context], Answer]
    query: tuple[AnyParameter, ...]
    body: Check | None
    status: int
    refuses: Collection[int]

    def __call__(self, context: Context) -> Answer:
        """Answer a request."""
        taken = {parameter.name for parameter in self.query}
        return self.do(replace(context, query=Query(context.query.pairs, taken), check=self.body))

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (self.do.__doc__ or "").partition("\n")[0]


def endpoint(
    *,
    body: Check | None = None,
    query: Collection[AnyParameter] = (),
    listing: Listing | None = None,
    filters: Mapping[str, Filter] | None = None,
    loads: Collection[str] = (),
    status: int = HTTPStatus.OK,
    refuses: Collection[int] = (),
) -> Callable[[Callable[[Context], Answer]], Endpoint]:
    """Make a function an endpoint.

    `loads` is what `with=` may name. `status` is that of success; `refuses` are those of its own refusals: 401, 429
    and 503 are everybody's, 404 that of every path with names in it, 422 that of whatever takes something.
    """
    parameters = (
        *query,
        *(listing.parameters if listing else ()),
        *filter_parameters(filters or {}),
        *([Several("with", choice(loads), commas=True)] if loads else ()),
    )
    return lambda do: Endpoint(do, parameters, body, status, refuses)
