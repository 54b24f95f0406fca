"""What do the schemes linked to a contract yield: dwellings, rebates, allocations, funds, posts?

One module of rules a scheme; each ends with a ``Summary``: tables that pages show and workbooks
hold, alerts that the desk shows. Numbers of the law are parameters of the catalogue.
"""
