"""What pip knows of the registry, uv is told."""

from deploy.registry import uv_environment


def test_a_municipalitys_own_mirror_is_passed_on():
    pip = "global.index-url='https://mirror.example/simple'\nglobal.cert='/etc/ssl/own.pem'\n"
    assert uv_environment(pip) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
    }


def test_several_indexes_and_folders_become_lists_in_uvs_own_way_of_writing():
    pip = "global.extra-index-url='file:///one\\nfile:///two'\nglobal.find-links='/a /b'\n"
    assert uv_environment(pip) == {
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/a,/b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_the_environment_wins_over_the_file_and_the_command_over_global():
    pip = ":env:.index-url='https://env'\nglobal.index-url='https://global'\ninstall.index-url='https://install'\n"
    assert uv_environment(pip)["UV_DEFAULT_INDEX"] == "https://env"
    assert uv_environment(pip.partition("\n")[2])["UV_DEFAULT_INDEX"] == "https://install"


def test_a_machine_without_settings_and_settings_without_meaning_to_uv_say_nothing():
    assert uv_environment("") == {}
    assert uv_environment("global.timeout='60'\n:env:.disable-pip-version-check='1'\nnonsense\n") == {}
