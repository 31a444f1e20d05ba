"""What the database itself lets those see who may not see the whole book: one predicate and six policies a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.access.domain.scope import Scope

PREFIX = "walls_"
WRITES = {"insert": "WITH CHECK ({})", "update": "USING ({0}) WITH CHECK ({0})", "delete": "USING ({})"}
STANDING = "(SELECT nullif(current_setting('walls.standing', true), ''))"  # read once a statement, not once a row
WHOLE = "(SELECT current_setting('walls.whole', true))"  # yes: nothing of the book is kept from them
NARROWED = "(SELECT current_setting('walls.narrowed', true)) = 'yes'"
AGENCY = "(SELECT nullif(current_setting('walls.agency', true), '')::bigint)"
ACTOR = "(SELECT nullif(current_setting('walls.actor', true), '')::bigint)"
KNOWN = f"{STANDING} <> 'nobody'"  # nor unset, which is null
OFFICE = f"{STANDING} IN ('office', 'auditor')"
# Said as what keeps a row from being seen: the planner then takes most rows to be seen, and sorts before it joins.
PLACED = f"NOT ({STANDING} = 'agency' AND NOT EXISTS ({{}}))"
PLACEMENT = f"SELECT FROM walls.placed WHERE placed.customer_id = {{}} AND placed.agency_id = {AGENCY}"
HELD = f"NOT ({NARROWED} AND walls.is_outside({{}}))"
RELATED = f"{KNOWN} AND NOT ({WHOLE} = 'no' AND NOT ({{}}))"


class Kind(StrEnum):
    """How a row is tied to a customer."""

    CUSTOMER = "customer"  # it is one, or names one by key
    PARENT = "parent"  # it hangs on a row that is
    PLACEMENT = "placement"  # it says with which agency a customer is
    REQUEST = "request"  # it names one by reference, or none
    OFFICE = "office"  # it belongs to none, or to all of them


@dataclass(frozen=True)
class Walled:
    """A table behind walls: the column that leads to a customer, or to the parent's key."""

    table: str
    kind: Kind
    column: str = ""
    parent: str = ""
    may_auditors_write: bool = False

    @property
    def predicate(self) -> str:
        """Whether whoever is behind the wall sees a row of the table."""
        column = f'{self.table}."{self.column}"'
        match self.kind:
            case Kind.CUSTOMER:
                placed = PLACED.format(PLACEMENT.format(column))
                return f"({WHOLE} = 'yes' OR {KNOWN} AND {placed} AND {HELD.format(column)})"
            case Kind.PARENT:
                return RELATED.format(f"EXISTS (SELECT FROM public.{self.parent} AS parent WHERE parent.id = {column})")
            case Kind.PLACEMENT:
                theirs = f"{STANDING} = 'agency' AND NOT (agency_id = {AGENCY} AND recalled_at IS NULL)"
                return f"{KNOWN} AND NOT ({theirs}) AND {HELD.format(column)}"
            case Kind.REQUEST:
                seen = f"EXISTS (SELECT FROM public.customers_customer AS about WHERE about.reference = {column})"
                return RELATED.format(f"{seen} OR {column} = '' AND ({OFFICE} OR {self.table}.made_by_id = {ACTOR})")
            case Kind.OFFICE:
                return OFFICE

    def policies(self, app: str, auditor: str, walled: str) -> Iterator[tuple[str, str]]:
        """The name and the statement of each policy: the application sees all, behind a wall it sees what it may."""
        yield f"{PREFIX}open", f"FOR ALL TO {app} USING (true) WITH CHECK (true)"
        yield f"{PREFIX}audit", f"FOR SELECT TO {auditor} USING (true)"
        yield f"{PREFIX}see", f"FOR SELECT TO {walled} USING ({self.predicate})"
        may = self.predicate if self.may_auditors_write else f"{STANDING} <> 'auditor' AND {self.predicate}"
        for verb, clause in WRITES.items():
            yield f"{PREFIX}{verb}", f"FOR {verb.upper()} TO {walled} {clause.format(may)}"


def settings_of(scope: Scope, actor: int | None) -> dict[str, str]:
    """The settings of a transaction behind the wall of this scope, by name."""
    return {
        "walls.standing": scope.standing.value,
        "walls.agency": "" if scope.agency is None else str(scope.agency),
        "walls.actor": "" if actor is None else str(actor),
        "walls.own": scope.own_account,
        "walls.products": ",".join(scope.products),
        "walls.narrowed": "yes" if scope.own_account or scope.products else "",
        "walls.whole": "yes" if scope.is_whole_book else "no",
    }
