"""A passkey in a real browser, with Chromium's own virtual authenticator."""

from apps.access.models import Passkey, Session
from tests.browser.conftest import OpenDesk
from tests.factories import access


def test_a_passkey_is_made_and_opens_the_door_and_its_answer_is_good_once(desk: OpenDesk) -> None:
    maya = access.person("maya", password=access.PASSWORD)
    window = desk()
    window.site = window.site.replace("127.0.0.1", "localhost")  # a key is for a name, never for an address
    browser = window.page.context.new_cdp_session(window.page)
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    options |= {"hasResidentKey": True, "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page = window.log_in(maya)
    page.goto(f"{window.site}/account/passkeys/new")
    page.locator("[name=name]").fill("Laptop")
    page.locator("[data-passkey=make]").click()
    page.wait_for_selector("h2#codes")
    assert page.locator("ul.pairs li").count() == 10
    assert Passkey.objects.get(user=maya).name == "Laptop"

    page.context.clear_cookies()
    page.goto(f"{window.site}/login")
    page.locator("[name=username]").fill("maya")
    page.locator("[name=password]").fill(access.PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/login/code?next=/")
    findings = window.findings()
    with page.expect_request(lambda sent: sent.method == "POST") as sent:
        page.locator("[data-passkey=use]").click()
    page.wait_for_url(f"{window.site}/")
    answer = (sent.value.post_data_json or {})["credential"]

    page.context.clear_cookies()
    window.open("/login")
    page.locator("[name=username]").fill("maya")
    page.locator("[name=password]").fill(access.PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/login/code?next=/")
    page.evaluate("answer => document.querySelector('[name=credential]').value = answer", answer)
    page.locator("main button.btn-primary").click()
    page.wait_for_selector(".notice.tone-bad")

    assert "That passkey does not open this door." in page.locator(".notice.tone-bad").inner_text()
    assert Passkey.objects.get(user=maya).used_at is not None
    assert Session.objects.filter(user=maya).count() == 2
    assert findings == []
    assert window.complaints == []
