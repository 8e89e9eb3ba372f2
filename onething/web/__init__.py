"""Pages: what people touch. Rendered here, of what services give, in the API's own process.

Start here: `app.py`, which puts the routers together, and `core/`, which every page stands on; then the folder of the
concern: its module called pages has the routes, `page_*` are its pages, `panel_*` and `row_*` parts of them.
Not to be confused with: `api/`, which speaks JSON with programs; both share HTTP itself (`onething/edge`) and the acts.
"""
