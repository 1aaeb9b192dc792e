"""Script modules of a Chinese page start."""


def test_the_address_where_ckans_scripts_look_for_chinese_texts_answers(portal_app):
    html = portal_app.get("/about", status=200).get_data(as_text=True)
    assert '<html lang="zh-Hans-CN"' in html, "what client.js makes the address of"
    answer = portal_app.get("/api/i18n/zh_Hans-CN", status=200)
    assert answer.get_data(as_text=True).startswith("{")
