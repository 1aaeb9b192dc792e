"""Mail is handed over TLS to a server whose certificate holds, and to no other."""

import pytest

from ckanext.sdopen.jobs.mail.server import Silent, hand_over
from ckanext.sdopen.tests.jobs.mail.corpus.tls_server import certificate, serving

LETTER = "To: someone@example.cn\n\n请点击".encode()


def send(config, server, **more):
    for name, value in {
        "smtp.server": server.address,
        "smtp.starttls": True,
        "smtp.mail_from": "portal@example.cn",
        "ckanext.sdopen.guard.smtp_ca_file": "",
        **more,
    }.items():
        config[name] = value
    hand_over("someone@example.cn", LETTER)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The certificate of the right name, and one of another."""
    folder = tmp_path_factory.mktemp("certificates")
    return certificate(folder), certificate(folder, "elsewhere.example")


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(ckan_config, shown):
    with serving(shown[0]) as server:
        with pytest.raises(Silent, match="SSLCertVerificationError"):
            send(ckan_config, server)
        assert server.taken == []


def test_a_server_whose_certificate_is_trusted_gets_the_mail(ckan_config, shown):
    with serving(shown[0]) as server:
        send(ckan_config, server, **{"ckanext.sdopen.guard.smtp_ca_file": str(shown[0])})
        assert server.handshakes == 1
        assert "someone@example.cn" in server.taken[0]


def test_a_trusted_certificate_of_another_name_is_refused(ckan_config, shown):
    with serving(shown[1]) as server:
        with pytest.raises(Silent, match="SSLCertVerificationError"):
            send(ckan_config, server, **{"ckanext.sdopen.guard.smtp_ca_file": str(shown[1])})
        assert server.taken == []


def test_without_tls_mail_goes_as_it_is(ckan_config, shown):
    with serving(shown[0]) as server:
        send(ckan_config, server, **{"smtp.starttls": False})
        assert (len(server.taken), server.handshakes) == (1, 0)
