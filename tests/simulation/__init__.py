"""Years of simulated life for the real program, with every fault we can think of.

Real are the domain, the store (a SQLite file), the pass and the dispatcher. Simulated
are the clock, the peers behind the channels and the owner. One seed decides all of it:

    python -m tests.simulation --seed 7             replays one world, and shows it
    python -m tests.simulation --seeds 1000         runs many, 1 in case of a failure

``world`` runs it, ``invariants`` says what must hold, ``limits`` computes anew, and
without help from the domain, what the owner should hear of.
"""
