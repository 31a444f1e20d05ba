"""Who gets which case: a transport problem with side constraints, solved by HiGHS through SciPy.

Apart from what it weighs, so that only who assigns loads the solver.
"""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from apps.cases.domain.assignment import BALANCE, PRIORITY, SPECIALIST, STICKINESS, Agent, Left, Plan, Work, suits

SURE = 0.999  # of a share that is a whole


def solve(works: Sequence[Work], agents: Sequence[Agent], within: Collection[tuple[int, int]]) -> Plan:
    """The best assignment of the cases; `within` holds the pairs of case and agent that no wall parts.

    The linear program has at most as many divided cases as there are agents (its side constraints of balance); they go
    to the first of their agents that has room.
    """
    works = sorted(works, key=lambda work: (-work.priority, work.key))
    agents = sorted(agents, key=lambda agent: agent.key)
    able = [(i, j) for i, work in enumerate(works) for j, agent in enumerate(agents) if _may(work, agent, within)]
    pairs = [(i, j) for i, j in able if agents[j].room]
    shares = _shares(works, agents, pairs) if pairs else {}
    given: dict[int, int] = {}
    room = [agent.room for agent in agents]
    for sure in (True, False):
        for i, wanted in sorted(shares.items()):
            if i in given or (wanted[0][1] >= SURE) is not sure:
                continue
            free = next((j for j, _ in wanted if room[j]), None)
            if free is not None:
                given[i] = free
                room[free] -= 1
    reachable = {i for i, _ in able}
    return Plan(
        {works[i].key: agents[j].key for i, j in sorted(given.items())},
        {work.key: Left.NO_ROOM if i in reachable else Left.NO_AGENT for i, work in enumerate(works) if i not in given},
    )


def _may(work: Work, agent: Agent, within: Collection[tuple[int, int]]) -> bool:
    return suits(agent, work) and (work.key, agent.key) in within


def _shares(
    works: Sequence[Work], agents: Sequence[Agent], pairs: Sequence[tuple[int, int]]
) -> dict[int, list[tuple[int, float]]]:
    """For each case the agents that the program gives it to, the largest share first, then who else may have it."""
    cases, people = (np.array(column) for column in zip(*pairs, strict=True))
    count, size, team = len(pairs), len(works), len(agents)
    amounts = np.array([float(work.amount) for work in works])
    held = np.array([float(agent.amount) for agent in agents])
    capacity = np.array([float(agent.capacity) for agent in agents])
    total = held.sum() + amounts.sum()
    target = total * capacity / max(capacity.sum(), 1.0)
    worth = np.array([_worth(works[i], agents[j], i, size) for i, j in pairs])
    over = np.full(team, BALANCE * size / max(amounts.sum(), 0.01))
    ones, columns = np.ones(count), np.arange(count)
    each_once = coo_array((ones, (cases, columns)), shape=(size, count + team))
    in_room = coo_array((ones, (people, columns)), shape=(team, count + team))
    load = coo_array(
        (
            np.concatenate([amounts[cases], -np.ones(team)]),
            (np.concatenate([people, np.arange(team)]), np.concatenate([columns, count + np.arange(team)])),
        ),
        shape=(team, count + team),
    )
    found = linprog(
        np.concatenate([-worth, over]),
        A_ub=vstack([each_once, in_room, load]).tocsr(),
        b_ub=np.concatenate([np.ones(size), [agent.room for agent in agents], np.maximum(target - held, 0.0)]),
        bounds=(0, None),
        method="highs-ds",
    )
    if not found.success:
        raise ArithmeticError(found.message)
    shares: dict[int, list[tuple[int, float]]] = {}
    for (i, j), share in zip(pairs, found.x[:count], strict=True):
        shares.setdefault(i, []).append((j, float(share)))
    return {i: sorted(wanted, key=lambda one: (-one[1], one[0])) for i, wanted in shares.items()}


def _worth(work: Work, agent: Agent, place: int, size: int) -> float:
    worth = 1.0 + BALANCE + PRIORITY * (1 - place / size)
    if work.last_owner == agent.key:
        worth += STICKINESS
    if work.product in agent.products:
        worth += SPECIALIST
    return worth
