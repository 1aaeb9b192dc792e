"""Scripts and styles are made before the first page, by one process at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from webassets import Bundle, Environment

from ckanext.sdopen.ckan_seams.repairs import page_assets

PROCESSES = 8


def environment(folder, source):
    made = Environment(directory=str(folder), url="/webassets")
    made.register("own/page", Bundle(str(source), output="own/%(version)s_page.js"))
    return made


def test_processes_that_begin_at_once_make_the_scripts_without_error(tmp_path):
    source = tmp_path / "page.js"
    source.write_text("var page = 1;\n", encoding="utf-8")
    folder, together = tmp_path / "served" / "webassets", Barrier(PROCESSES)

    def begin(_):
        own = environment(folder, source)
        together.wait()
        page_assets.build(own)
        return own["own/page"].urls()

    with ThreadPoolExecutor(PROCESSES) as pool:
        found = {tuple(urls) for urls in pool.map(begin, range(PROCESSES))}
    assert len(found) == 1, "all serve the same file"
    (name,) = [path.name for path in (folder / "own").iterdir()]
    assert name.endswith("_page.js")
    assert (folder / "own" / name).read_text(encoding="utf-8").strip() == "var page = 1;"
    assert (folder / ".webassets-cache").is_dir()


def test_a_bundle_whose_source_is_gone_keeps_no_other_from_being_made(tmp_path):
    source = tmp_path / "page.js"
    source.write_text("var page = 1;\n", encoding="utf-8")
    own = Environment(directory=str(tmp_path / "served"), url="/webassets")
    own.register("a", Bundle(str(tmp_path / "gone.js"), output="gone.js"))
    own.register("b", Bundle(str(source), output="page.js"))
    page_assets.build(own)
    assert (tmp_path / "served" / "page.js").exists()
    assert not (tmp_path / "served" / "gone.js").exists()
