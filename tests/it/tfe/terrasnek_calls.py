"""Makes the calls of terrasnek that a registry answers, and prints as JSON which ones it made.

Arguments: the server's address, its CA, a token, an archive to publish, a folder for what is
downloaded, a user of example.com who is no member yet, and the folder of a provider's release.
"""

import json
import pathlib
import sys

from terrasnek import exceptions
from terrasnek.api import TFC

ORGANIZATION = "initech"
made = []


def call(what, function, *arguments, **named):
    """Makes a call and notes it."""
    answer = function(*arguments, **named)
    made.append(what)
    return answer


def refused(what, kind, function, *arguments):
    """Makes a call that must fail with this kind of error."""
    try:
        function(*arguments)
    except kind:
        made.append(what)
    else:
        raise AssertionError(f"{what} was not refused")


def document(kind, **attributes):
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    return {"data": {"type": kind, "attributes": named}}


def organizations(api):
    new = document("organizations", name=ORGANIZATION, email="initech@example.com")
    call("orgs.create", api.orgs.create, new)
    api.set_org(ORGANIZATION)
    shown = call("orgs.show", api.orgs.show, ORGANIZATION)["data"]
    assert shown["attributes"]["email"] == "initech@example.com", shown
    change = document("organizations", email="new@example.com")
    call("orgs.update", api.orgs.update, ORGANIZATION, change)
    listed = {it["id"] for it in call("orgs.list_all", api.orgs.list_all)["data"]}
    assert listed == {"acme", ORGANIZATION}, listed
    assert call("orgs.list", api.orgs.list, page=2, page_size=1)["data"], "a second page"
    entitled = call("orgs.entitlements", api.orgs.entitlements, ORGANIZATION)["data"]
    assert entitled["attributes"]["private-module-registry"], entitled
    refused("orgs.show 404", exceptions.TFCHTTPNotFound, api.orgs.show, "nobody")
    refused("orgs.create 422", exceptions.TFCHTTPUnprocessableEntity, api.orgs.create, new)


def people(api, username):
    account = call("account.show", api.account.show)["data"]
    call("users.show", api.users.show, account["id"])
    same = document("users", username=account["attributes"]["username"])
    call("account.update", api.account.update, same)
    token = call("user_tokens.create", api.user_tokens.create, account["id"],
                 document("authentication-tokens", description="one"))["data"]
    assert token["attributes"]["token"], token
    call("user_tokens.list", api.user_tokens.list, account["id"])
    call("user_tokens.show", api.user_tokens.show, token["id"])
    call("user_tokens.destroy", api.user_tokens.destroy, token["id"])
    team = call("teams.create", api.teams.create, document("teams", name="publishers"))["data"]
    change = document("teams", organization_access={"manage-modules": True})
    call("teams.update", api.teams.update, team["id"], change)
    shown = call("teams.show", api.teams.show, team["id"])["data"]
    assert shown["attributes"]["organization-access"]["manage-modules"], shown
    assert len(call("teams.list_all", api.teams.list_all)["data"]) == 2
    invite = document("organization-memberships", email=f"{username}@example.com")
    member = call("org_memberships.invite", api.org_memberships.invite, invite)["data"]
    call("org_memberships.show", api.org_memberships.show, member["id"])
    call("org_memberships.list_for_user", api.org_memberships.list_for_user)
    inside = call("org_memberships.list_all_for_org", api.org_memberships.list_all_for_org)
    assert len(inside["data"]) == 2, inside
    by_name = {"data": [{"type": "users", "id": username}]}
    by_membership = {"data": [{"type": "organization-memberships", "id": member["id"]}]}
    memberships = api.team_memberships
    call("team_memberships.add", memberships.add_user_to_team, team["id"], by_name)
    call("team_memberships.remove", memberships.remove_user_from_team, team["id"], by_name)
    call("team_memberships.add by id", memberships.add_user_to_team_with_org_id,
         team["id"], by_membership)
    call("team_memberships.remove by id", memberships.remove_user_from_team_with_org_id,
         team["id"], by_membership)
    call("org_memberships.remove", api.org_memberships.remove, member["id"])
    assert call("team_tokens.create", api.team_tokens.create, team["id"])["data"]["id"]
    call("team_tokens.destroy", api.team_tokens.destroy, team["id"])
    assert call("org_tokens.create", api.org_tokens.create)["data"]["attributes"]["token"]
    call("org_tokens.destroy", api.org_tokens.destroy)
    refused("org_tokens.destroy 404", exceptions.TFCHTTPNotFound, api.org_tokens.destroy)
    call("teams.destroy", api.teams.destroy, team["id"])


def tokens(api, url, ca):
    """Tokens of each kind, with the policies that the client has no calls for."""
    team = api.teams.create(document("teams", name="a team/of some"))["data"]
    life = document("authentication-tokens", expired_at="2038-01-19T03:14:07Z")
    made = call("team_tokens.create, with an end", api.team_tokens.create, team["id"], life)["data"]
    assert made["attributes"]["expired-at"] == "2038-01-19T03:14:07.000Z", made
    api.teams.destroy(team["id"])
    secret = api.org_tokens.create()["data"]["attributes"]["token"]
    own = TFC(secret, url=url, verify=ca, skip_version_check=True)
    own.set_org(ORGANIZATION)
    trail = call("audit_trails.list", own.audit_trails.list)["data"]
    assert trail[0]["resource"]["action"] == "replace token", trail[0]
    assert len(call("audit_trails.list_all", own.audit_trails.list_all)["data"]) >= len(trail)
    refused("audit_trails.list 403", exceptions.TFCHTTPUnclassified, api.audit_trails.list)
    api.org_tokens.destroy()


def invitations(api):
    invite = document("organization-memberships", email="invited@example.com")
    waits = call("org_memberships.invite, an address", api.org_memberships.invite, invite)["data"]
    assert waits["attributes"]["status"] == "invited", waits
    shown = call("org_memberships.show, invited", api.org_memberships.show, waits["id"],
                 include=["user"])
    assert shown["included"][0]["attributes"]["email"] == "invited@example.com", shown
    filters = [{"keys": ["status"], "value": "invited"}]
    waiting = call("org_memberships.list_for_org, invited", api.org_memberships.list_for_org,
                   filters=filters)["data"]
    assert [it["id"] for it in waiting] == [waits["id"]], waiting
    call("org_memberships.remove, invited", api.org_memberships.remove, waits["id"])
    refused("org_memberships.show 404", exceptions.TFCHTTPNotFound,
            api.org_memberships.show, waits["id"])


def sharing(api):
    named = {"data": [{"type": "organizations", "id": ORGANIZATION}]}
    call("admin_orgs.update_org_module_consumers, one", api.admin_orgs.update_org_module_consumers,
         "acme", named)
    consumers = call("admin_orgs.list_org_module_consumers, one",
                     api.admin_orgs.list_org_module_consumers, "acme")["data"]
    assert [it["id"] for it in consumers] == [ORGANIZATION], consumers
    producers = call("orgs.show_module_producers", api.orgs.show_module_producers, ORGANIZATION)
    assert [it["id"] for it in producers["data"]] == ["acme"], producers
    api.admin_orgs.update_org_module_consumers("acme", {"data": []})


def administration(api, username):
    listed = call("admin_orgs.list", api.admin_orgs.list)["data"]
    assert {it["id"] for it in listed} == {"acme", ORGANIZATION}, listed
    shown = call("admin_orgs.show", api.admin_orgs.show, ORGANIZATION)["data"]
    assert shown["relationships"]["owners"]["data"], shown
    same = document("organizations", is_disabled=False)
    call("admin_orgs.update", api.admin_orgs.update, ORGANIZATION, same)
    call("admin_orgs.list_org_module_consumers", api.admin_orgs.list_org_module_consumers,
         ORGANIZATION)
    call("admin_orgs.update_org_module_consumers", api.admin_orgs.update_org_module_consumers,
         ORGANIZATION, {"data": []})
    users = call("admin_users.list", api.admin_users.list, query=username)["data"]
    assert [it["attributes"]["username"] for it in users] == [username], users
    user = users[0]["id"]
    changed = call("admin_users.suspend", api.admin_users.suspend, user)["data"]
    assert changed["attributes"]["is-suspended"], changed
    call("admin_users.unsuspend", api.admin_users.unsuspend, user)
    changed = call("admin_users.grant_admin", api.admin_users.grant_admin, user)["data"]
    assert changed["attributes"]["is-admin"], changed
    call("admin_users.revoke_admin", api.admin_users.revoke_admin, user)
    call("admin_users.disable_two_factor", api.admin_users.disable_two_factor, user)
    call("admin_users.destroy", api.admin_users.destroy, user)
    refused("admin_users.suspend 404", exceptions.TFCHTTPNotFound, api.admin_users.suspend, user)


def ssh_keys(api):
    secret = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
    new = document("ssh-keys", name="deploy", value=secret)
    key = call("ssh_keys.create", api.ssh_keys.create, new)["data"]
    call("ssh_keys.show", api.ssh_keys.show, key["id"])
    changed = call("ssh_keys.update", api.ssh_keys.update, key["id"],
                   document("ssh-keys", name="build"))["data"]
    assert changed["attributes"] == {"name": "build"}, changed
    assert len(call("ssh_keys.list", api.ssh_keys.list)["data"]) == 1
    call("ssh_keys.destroy", api.ssh_keys.destroy, key["id"])
    refused("ssh_keys.show 404", exceptions.TFCHTTPNotFound, api.ssh_keys.show, key["id"])
    # Any text is a key; a warning says that ssh cannot read it.
    text = document("ssh-keys", name="deploy", value="SSH-KEY-CONTENT")
    key = call("ssh_keys.create, any text", api.ssh_keys.create, text)
    assert "ssh" in key["meta"]["warnings"][0], key
    call("ssh_keys.destroy, any text", api.ssh_keys.destroy, key["data"]["id"])
    assert call("ssh_keys.list, none", api.ssh_keys.list)["data"] == []


def projects(api):
    new = document("projects", name="Network", description="cables")
    tag = {"type": "tag-bindings", "attributes": {"key": "stage", "value": "test"}}
    new["data"]["relationships"] = {"tag-bindings": {"data": [tag]}}
    project = call("projects.create", api.projects.create, new)["data"]["id"]
    shown = call("projects.show", api.projects.show, project)["data"]["attributes"]
    assert shown["description"] == "cables", shown
    filters = [{"keys": ["tagged", "0", "key"], "value": "stage"}]
    tagged = call("projects.list, by a tag", api.projects.list, filters=filters)["data"]
    assert [it["id"] for it in tagged] == [project], tagged
    change = document("projects", name="Cables")
    call("projects.update", api.projects.update, project, change)
    listed = call("projects.list_all", api.projects.list_all)["data"]
    names = [it["attributes"]["name"] for it in listed]
    assert names == ["Cables", "Default Project"], names
    assert call("projects.list", api.projects.list, page=2, page_size=1)["data"], "a second page"
    call("projects.destroy", api.projects.destroy, project)
    refused("projects.show 404", exceptions.TFCHTTPNotFound, api.projects.show, project)


def modules(api, archive, folder):
    registry = api.registry_modules
    new = document("registry-modules", name="vpc", provider="aws", registry_name="private")
    call("registry_modules.create", registry.create, new)
    refused("registry_modules.create 422", exceptions.TFCHTTPUnprocessableEntity,
            registry.create, new)
    for number in ["1.0.0", "1.1.0"]:
        version = document("registry-module-versions", version=number)
        announced = call("registry_modules.create_version", registry.create_version,
                         "vpc", "aws", version)
        link = announced["data"]["links"]["upload"]
        call("registry_modules.upload_version", registry.upload_version, archive, link)
    shown = call("registry_modules.show", registry.show, "vpc", "aws")["data"]
    assert [it["version"] for it in shown["attributes"]["version-statuses"]] == ["1.1.0", "1.0.0"], shown
    call("registry_modules.update", registry.update, "vpc", "aws",
         document("registry-modules", no_code=False))
    found = call("registry_modules.search", registry.search, "vpc")["modules"]
    assert [it["name"] for it in found] == ["vpc"], found
    listed = call("registry_modules.list_versions", registry.list_versions, "vpc", "aws")
    assert len(listed["modules"][0]["versions"]) == 2, listed
    call("registry_modules.list_latest_version_all_providers",
         registry.list_latest_version_all_providers, "vpc")
    latest = call("registry_modules.list_latest_version_specific_provider",
                  registry.list_latest_version_specific_provider, "vpc", "aws")
    assert latest["version"] == "1.1.0", latest
    assert call("registry_modules.get", registry.get, "vpc", "aws", "1.0.0")["version"] == "1.0.0"
    sent = pathlib.Path(archive).read_bytes()
    target = pathlib.Path(folder) / "downloaded"
    call("registry_modules.download_version_source", registry.download_version_source,
         "vpc", "aws", "1.0.0", target)
    assert target.read_bytes() == sent
    call("registry_modules.download_latest_source", registry.download_latest_source,
         "vpc", "aws", target)
    assert target.read_bytes() == sent
    refused("registry_modules.publish_from_vcs 422", exceptions.TFCHTTPUnprocessableEntity,
            registry.publish_from_vcs, document("registry-modules", vcs_repo={}))
    for number in range(120):
        registry.create(document("registry-modules", name=f"many-{number}", provider="aws",
                                 registry_name="private"))
    everything = call("registry_modules.list_all", registry.list_all)["data"]
    assert len({it["id"] for it in everything}) == 121, len(everything)
    call("registry_modules.list", registry.list, page=1, page_size=5)
    call("registry_modules.destroy a version", registry.destroy, "vpc", "private", "aws", "1.0.0")
    call("registry_modules.destroy a provider", registry.destroy, "vpc", "private", "aws")
    call("registry_modules.destroy a name", registry.destroy, "many-0")
    refused("registry_modules.show 404", exceptions.TFCHTTPNotFound, registry.show, "vpc", "aws")


def providers(api, release):
    registry, keys = api.registry_providers, api.gpg_keys
    armor = (release / "key.asc").read_text()
    key = call("gpg_keys.create", keys.create,
               document("gpg-keys", namespace=ORGANIZATION, ascii_armor=armor))
    key_id = key["data"]["attributes"]["key-id"]
    listed = call("gpg_keys.list", keys.list)["data"]
    assert [it["attributes"]["key-id"] for it in listed] == [key_id], listed
    assert len(call("gpg_keys.list_all", keys.list_all)["data"]) == 1
    # Its `show` and `update` ask at addresses of their own, which no page names.
    call("registry_providers.create", registry.create,
         document("registry-providers", name="widget", namespace=ORGANIZATION,
                  registry_name="private"))
    shown = call("registry_providers.show", registry.show, "private", ORGANIZATION, "widget")
    assert shown["data"]["attributes"]["name"] == "widget", shown
    assert len(call("registry_providers.list", registry.list)["data"]) == 1
    assert len(call("registry_providers.list_all", registry.list_all)["data"]) == 1
    call("registry_providers.destroy", registry.destroy, "private", ORGANIZATION, "widget")
    refused("registry_providers.show 404", exceptions.TFCHTTPNotFound,
            registry.show, "private", ORGANIZATION, "widget")
    call("gpg_keys.destroy", keys.destroy, key_id)
    assert call("gpg_keys.list, empty", keys.list)["data"] == []


def main():
    url, ca, token, archive, folder, username, release = sys.argv[1:]
    api = TFC(token, url=url, verify=ca, skip_version_check=True)
    organizations(api)
    people(api, username)
    invitations(api)
    tokens(api, url, ca)
    sharing(api)
    ssh_keys(api)
    projects(api)
    modules(api, archive, folder)
    providers(api, pathlib.Path(release))
    stranger = TFC("tkp_nonsense", url=url, verify=ca, skip_version_check=True)
    refused("orgs.show 401", exceptions.TFCHTTPUnauthorized, stranger.orgs.show, ORGANIZATION)
    administration(api, username)
    call("admin_orgs.destroy", api.admin_orgs.destroy, ORGANIZATION)
    call("orgs.create", api.orgs.create, document("organizations", name=ORGANIZATION, email=""))
    call("orgs.destroy", api.orgs.destroy, ORGANIZATION)
    refused("orgs.show 404, destroyed", exceptions.TFCHTTPNotFound, api.orgs.show, ORGANIZATION)
    print(json.dumps(made))


main()
