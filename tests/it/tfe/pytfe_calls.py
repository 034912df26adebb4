"""Makes the calls of pytfe that a registry answers, and prints as JSON which ones it made.

The server and its token come in the variables that pytfe reads itself: TFE_ADDRESS, TFE_TOKEN and
SSL_CERT_FILE. Arguments: an archive to publish, a user of example.com who is no member yet, and the
folder of a provider's release.
"""

import io
import json
import os
import pathlib
import ssl
import sys
import urllib.request

from pytfe import TFEClient, TFEConfig, errors, models

ORGANIZATION = "globex"
made = []


def call(what, function, *arguments):
    """Makes a call and notes it; a generator is read to its end."""
    answer = function(*arguments)
    if hasattr(answer, "__next__"):
        answer = list(answer)
    made.append(what)
    return answer


def refused(what, kind, function, *arguments):
    """Makes a call that must fail with this kind of error."""
    try:
        call(what, function, *arguments)
    except kind:
        made.append(what)
    else:
        raise AssertionError(f"{what} was not refused")


def organizations(client):
    create = models.OrganizationCreateOptions(name=ORGANIZATION, email="globex@example.com")
    assert call("organizations.create", client.organizations.create, create).name == ORGANIZATION
    read = call("organizations.read", client.organizations.read, ORGANIZATION)
    assert read.email == "globex@example.com", read
    change = models.OrganizationUpdateOptions(email="new@example.com")
    call("organizations.update", client.organizations.update, ORGANIZATION, change)
    listed = call("organizations.list", client.organizations.list)
    assert {it.name for it in listed} == {"acme", ORGANIZATION}, listed
    entitled = call("organizations.entitlements", client.organizations.read_entitlements, ORGANIZATION)
    assert entitled.private_module_registry and not entitled.operations, entitled
    refused("organizations.read 404", errors.NotFound, client.organizations.read, "nobody")
    refused("organizations.create 422", errors.TFEError, client.organizations.create, create)


def settings(client):
    own = client.organizations
    local = models.OrganizationDefaultSettingsUpdateOptions(default_execution_mode="local")
    changed = call("organizations.update_default_settings", own.update_default_settings, ORGANIZATION, local)
    assert changed.default_execution_mode == "local", changed
    read = call("organizations.read_default_settings", own.read_default_settings, ORGANIZATION)
    assert read.default_execution_mode == "local", read
    reset = call("organizations.reset_default_settings", own.reset_default_settings, ORGANIZATION)
    assert reset.default_execution_mode == "remote", reset
    keep = models.DataRetentionPolicyDontDeleteSetOptions()
    call("organizations.set_data_retention_policy_dont_delete",
         own.set_data_retention_policy_dont_delete, ORGANIZATION, keep)
    # It reads the policy only from an attribute of the organization that no server has.
    path = f"/api/v2/organizations/{ORGANIZATION}/relationships/data-retention-policy"
    assert ask("GET", path)["type"] == "data-retention-policy-dont-deletes"
    call("organizations.delete_data_retention_policy", own.delete_data_retention_policy, ORGANIZATION)
    audit = client.organization_audit_configurations
    read = call("audit_configurations.read", audit.read, ORGANIZATION)
    assert read.audit_trails.enabled and not read.hcp_audit_log_streaming.enabled, read
    assert call("audit_configurations.test", audit.test, ORGANIZATION).request_id
    on = models.OrganizationAuditConfigAuditTrails(enabled=True)
    same = models.OrganizationAuditConfigurationOptions(audit_trails=on)
    assert call("audit_configurations.update", audit.update, ORGANIZATION, same).audit_trails.enabled
    off = models.OrganizationAuditConfigAuditTrails(enabled=False)
    off = models.OrganizationAuditConfigurationOptions(audit_trails=off)
    refused("audit_configurations.update 422", errors.TFEError, audit.update, ORGANIZATION, off)
    lives = client.organization_token_ttl_policies
    month = models.OrgTokenTTLPolicyUpdateOptions(team="30d")
    changed = call("token_ttl_policies.update", lives.update, ORGANIZATION, month)
    assert {it.token_type.value: it.max_ttl_ms for it in changed}["team"] == 2_592_000_000, changed
    assert len(call("token_ttl_policies.list", lives.list, ORGANIZATION)) == 4
    reset = call("token_ttl_policies.reset_to_defaults", lives.reset_to_defaults, ORGANIZATION)
    assert {it.max_ttl_ms for it in reset} == {models.DEFAULT_MAX_TTL_MS}, reset


def invitations(client):
    memberships = client.organization_memberships
    address = "invited@example.com"
    new = models.OrganizationMembershipCreateOptions(email=address)
    waits = call("memberships.create, invited", memberships.create, ORGANIZATION, new)
    assert (waits.status.value, waits.email) == ("invited", address), waits
    read = call("memberships.read, invited", memberships.read, waits.id)
    assert read.status.value == "invited", read
    secret = models.TeamCreateOptions(name="a team/of some", visibility="secret", sso_team_id="sso")
    team = call("teams.create, secret", client.teams.create, ORGANIZATION, secret)
    assert (team.name, team.visibility, team.sso_team_id) == ("a team/of some", "secret", "sso"), team
    call("teams.add_memberships, invited", client.teams.add_organization_memberships, team.id, [waits.id])
    call("teams.delete, secret", client.teams.delete, team.id)
    call("memberships.delete, invited", memberships.delete, waits.id)
    refused("memberships.read 404, invited", errors.NotFound, memberships.read, waits.id)


def teams(client, username):
    access = {"manage_modules": True}
    create = models.TeamCreateOptions(name="publishers", organization_access=access)
    team = call("teams.create", client.teams.create, ORGANIZATION, create)
    invite = models.OrganizationMembershipCreateOptions(email=f"{username}@example.com")
    membership = call("memberships.create", client.organization_memberships.create, ORGANIZATION, invite)
    call("teams.add_users", client.teams.add_users, team.id, [username])
    read = call("teams.read", client.teams.read, team.id)
    assert read.organization_access.manage_modules and read.user_count == 1, read
    inside = call("teams.list_users", client.teams.list_users, team.id)
    assert [it.username for it in inside] == [username], inside
    call("teams.remove_users", client.teams.remove_users, team.id, [username])
    call("teams.add_memberships", client.teams.add_organization_memberships, team.id, [membership.id])
    call("teams.remove_memberships", client.teams.remove_organization_memberships, team.id, [membership.id])
    rename = models.TeamUpdateOptions(name="releasers")
    assert call("teams.update", client.teams.update, team.id, rename).name == "releasers"
    names = {it.name for it in call("teams.list", client.teams.list, ORGANIZATION)}
    assert names == {"owners", "releasers"}, names
    listed = call("memberships.list", client.organization_memberships.list, ORGANIZATION)
    assert membership.id in {it.id for it in listed}, listed
    call("memberships.read", client.organization_memberships.read, membership.id)
    call("memberships.delete", client.organization_memberships.delete, membership.id)
    refused("memberships.read 404", errors.NotFound, client.organization_memberships.read, membership.id)
    call("teams.delete", client.teams.delete, team.id)


def tokens(client):
    own = client.organization_tokens
    first = call("organization_tokens.create", own.create, ORGANIZATION)
    assert first.token, first
    later = models.OrganizationTokenCreateOptions(expired_at="2099-01-01T00:00:00+00:00")
    second = call("organization_tokens.create_with_options", own.create_with_options, ORGANIZATION, later)
    assert second.expired_at.year == 2099 and second.id != first.id, second
    read = call("organization_tokens.read", own.read, ORGANIZATION)
    assert read.id == second.id, read
    call("organization_tokens.delete", own.delete, ORGANIZATION)
    refused("organization_tokens.read 404", errors.NotFound, own.read, ORGANIZATION)
    trail = models.TokenType.AUDIT_TRAILS
    new = models.OrganizationTokenCreateOptions(token_type=trail)
    third = call("organization_tokens.create_with_options, audit trail", own.create_with_options,
                 ORGANIZATION, new)
    named = models.OrganizationTokenReadOptions(token_type=trail)
    read = call("organization_tokens.read_with_options", own.read_with_options, ORGANIZATION, named)
    assert read.id == third.id, read
    named = models.OrganizationTokenDeleteOptions(token_type=trail)
    call("organization_tokens.delete_with_options", own.delete_with_options, ORGANIZATION, named)
    team = client.teams.create(ORGANIZATION, models.TeamCreateOptions(name="bots"))
    of_teams = client.team_tokens
    call("team_tokens.create", of_teams.create, team.id)
    described = models.TeamTokenCreateOptions(description="CI")
    token = call("team_tokens.create_with_options", of_teams.create_with_options, team.id, described)
    call("team_tokens.read", of_teams.read, team.id)
    call("team_tokens.read_by_id", of_teams.read_by_id, token.id)
    listed = call("team_tokens.list", of_teams.list, ORGANIZATION)
    assert len(listed) == 2, listed
    call("team_tokens.delete_by_id", of_teams.delete_by_id, token.id)
    call("team_tokens.delete", of_teams.delete, team.id)
    refused("team_tokens.read 404", errors.NotFound, of_teams.read, team.id)


def ssh_keys(client):
    keys = client.ssh_keys
    secret = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
    new = models.SSHKeyCreateOptions(name="deploy", value=secret)
    key = call("ssh_keys.create", keys.create, ORGANIZATION, new)
    assert call("ssh_keys.read", keys.read, key.id).name == "deploy"
    other = models.SSHKeyUpdateOptions(name="build")
    assert call("ssh_keys.update", keys.update, key.id, other).name == "build"
    assert len(list(call("ssh_keys.list", keys.list, ORGANIZATION))) == 1
    call("ssh_keys.delete", keys.delete, key.id)
    refused("ssh_keys.read 404", errors.NotFound, keys.read, key.id)
    # Any text is a key, also one that ssh cannot read, and none is not.
    public = models.SSHKeyCreateOptions(name="deploy", value="ssh-ed25519 AAAA")
    key = call("ssh_keys.create, a public one", keys.create, ORGANIZATION, public)
    call("ssh_keys.delete, a public one", keys.delete, key.id)
    assert list(call("ssh_keys.list, none", keys.list, ORGANIZATION)) == []
    blank = models.SSHKeyCreateOptions(name="deploy", value=" ")
    refused("ssh_keys.create 422", errors.TFEError, keys.create, ORGANIZATION, blank)


def projects(client):
    projects = client.projects
    tags = [models.TagBinding(key="cost", value="shared")]
    tagged = models.ProjectCreateOptions(name="Tagged", tag_bindings=tags)
    tagged = call("projects.create, with tags", projects.create, ORGANIZATION, tagged)
    listed = call("projects.list_tag_bindings, of a new one", projects.list_tag_bindings, tagged.id)
    assert [(it.key, it.value) for it in listed] == [("cost", "shared")], listed
    projects.delete(tagged.id)
    new = models.ProjectCreateOptions(name="Network", description="cables")
    project = call("projects.create", projects.create, ORGANIZATION, new)
    assert call("projects.read", projects.read, project.id).name == "Network"
    change = models.ProjectUpdateOptions(name="Cables")
    assert call("projects.update", projects.update, project.id, change).name == "Cables"
    tags = models.ProjectAddTagBindingsOptions(
        tag_bindings=[models.TagBinding(key="stage", value="test"), models.TagBinding(key="owner")])
    added = call("projects.add_tag_bindings", projects.add_tag_bindings, project.id, tags)
    assert [it.key for it in added] == ["stage", "owner"], added
    for what in ("list_tag_bindings", "list_effective_tag_bindings"):
        listed = list(call(f"projects.{what}", getattr(projects, what), project.id))
        assert {it.key: it.value for it in listed}["stage"] == "test", listed
    call("projects.delete_tag_bindings", projects.delete_tag_bindings, project.id)
    assert projects.list_tag_bindings(project.id) == []
    names = [it.name for it in call("projects.list", lambda: list(projects.list(ORGANIZATION)))]
    assert names == ["Cables", "Default Project"], names
    call("projects.delete", projects.delete, project.id)
    refused("projects.read 404", errors.NotFound, projects.read, project.id)


def modules(client, archive):
    registry = client.registry_modules
    create = models.RegistryModuleCreateOptions(name="vpc", provider="aws", registry_name="private")
    call("modules.create", registry.create, ORGANIZATION, create)
    vpc = models.RegistryModuleID(
        organization=ORGANIZATION, name="vpc", provider="aws",
        namespace=ORGANIZATION, registry_name="private",
    )
    version = models.RegistryModuleCreateVersionOptions(version="1.0.0")
    announced = call("modules.create_version", registry.create_version, vpc, version)
    link = announced.links["upload"] if announced.links else announced.upload_url
    with open(archive, "rb") as file:
        call("modules.upload_tar_gzip", registry.upload_tar_gzip, link, io.BytesIO(file.read()))
    read = call("modules.read", registry.read, vpc)
    assert [it.version for it in read.version_statuses] == ["1.0.0"], read
    assert [it.name for it in call("modules.list", registry.list, ORGANIZATION)] == ["vpc"]
    call("modules.read_terraform_registry_module", registry.read_terraform_registry_module, vpc, "1.0.0")
    read = call("modules.read_version", registry.read_version, vpc, "1.0.0")
    assert read.version == "1.0.0", read
    deploys = models.RegistryModuleUpdateOptions(no_code=True)
    assert call("modules.update", registry.update, vpc, deploys).no_code
    call("modules.delete_version", registry.delete_version, vpc, "1.0.0")
    for number in range(130):
        more = models.RegistryModuleCreateOptions(
            name=f"many-{number}", provider="aws", registry_name="private"
        )
        registry.create(ORGANIZATION, more)
    listed = call("modules.list, two pages", registry.list, ORGANIZATION)
    assert len({it.name for it in listed}) >= 130, len(listed)
    refused("modules.read 404", errors.NotFound, registry.read, vpc)


def upload(link, path):
    """Sends a file to an upload link, as pytfe leaves it to its users."""
    trusted = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    request = urllib.request.Request(link, data=path.read_bytes(), method="PUT")
    assert urllib.request.urlopen(request, context=trusted).status == 200


def ask(method, path, body=None):
    """Asks what pytfe has no call for."""
    trusted = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    request = urllib.request.Request(
        os.environ["TFE_ADDRESS"] + path, method=method,
        data=body and json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["TFE_TOKEN"]},
    )
    return json.load(urllib.request.urlopen(request, context=trusted))["data"]


def add_key(folder):
    attributes = {"namespace": ORGANIZATION, "ascii-armor": (folder / "key.asc").read_text()}
    body = {"data": {"type": "gpg-keys", "attributes": attributes}}
    return ask("POST", "/api/registry/private/v2/gpg-keys", body)["attributes"]["key-id"]


def providers(client, folder):
    private = models.RegistryName.PRIVATE
    registry, versions = client.registry_providers, client.registry_provider_versions
    platforms = client.registry_provider_platforms
    named = {"organization_name": ORGANIZATION, "registry_name": private,
             "namespace": ORGANIZATION, "name": "widget"}
    new = models.RegistryProviderCreateOptions(
        name="widget", namespace=ORGANIZATION, registry_name=private)
    assert call("registry_providers.create", registry.create, ORGANIZATION, new).name == "widget"
    widget = models.RegistryProviderID(**named)
    new = models.RegistryProviderVersionCreateOptions(
        version="1.0.0", key_id=add_key(folder), protocols=["5.0"])
    call("registry_provider_versions.create", versions.create, widget, new)
    # It reads no links of a version.
    path = f"/api/v2/organizations/{ORGANIZATION}/registry-providers/private/{ORGANIZATION}/widget"
    links = ask("GET", path + "/versions/1.0.0")["links"]
    upload(links["shasums-upload"], folder / "SHA256SUMS")
    upload(links["shasums-sig-upload"], folder / "SHA256SUMS.sig")
    shasum, filename = (folder / "SHA256SUMS").read_text().split()
    new = models.RegistryProviderPlatformCreateOptions(
        os="linux", arch="amd64", shasum=shasum, filename=filename)
    first = models.RegistryProviderVersionID(version="1.0.0", **named)
    platform = call("registry_provider_platforms.create", platforms.create, first, new)
    assert not platform.provider_binary_uploaded
    upload(platform.links["provider-binary-upload"], folder / "package.zip")
    one = models.RegistryProviderPlatformID(version="1.0.0", os="linux", arch="amd64", **named)
    read = call("registry_provider_platforms.read", platforms.read, one)
    assert read.provider_binary_uploaded and read.shasum == shasum, read
    assert len(call("registry_provider_platforms.list", platforms.list, first)) == 1
    read = call("registry_provider_versions.read", versions.read, first)
    assert read.shasums_uploaded and read.shasums_sig_uploaded, read
    assert [it.version for it in call("registry_provider_versions.list", versions.list, widget)] == ["1.0.0"]
    read = call("registry_providers.read", registry.read, widget)
    assert read.permissions.can_delete, read
    assert [it.name for it in call("registry_providers.list", registry.list, ORGANIZATION)] == ["widget"]
    call("registry_provider_platforms.delete", platforms.delete, one)
    refused("registry_provider_platforms.read 404", errors.NotFound, platforms.read, one)
    call("registry_provider_versions.delete", versions.delete, first)
    refused("registry_provider_versions.read 404", errors.NotFound, versions.read, first)
    call("registry_providers.delete", registry.delete, widget)
    refused("registry_providers.read 404", errors.NotFound, registry.read, widget)


def main():
    archive, username, folder = sys.argv[1:]
    client = TFEClient(TFEConfig())
    current = call("users.read_current", client.users.read_current)
    call("users.read", client.users.read, current.id)
    same = models.UserUpdateCurrentOptions(username=current.username)
    assert call("users.update_current", client.users.update_current, same).id == current.id
    organizations(client)
    settings(client)
    invitations(client)
    teams(client, username)
    tokens(client)
    ssh_keys(client)
    projects(client)
    modules(client, archive)
    providers(client, pathlib.Path(folder))
    stranger = TFEClient(TFEConfig(token="tkp_nonsense"))
    refused("organizations.read 401", errors.AuthError, stranger.organizations.read, ORGANIZATION)
    call("organizations.delete", client.organizations.delete, ORGANIZATION)
    refused("organizations.read 404, deleted", errors.NotFound, client.organizations.read, ORGANIZATION)
    print(json.dumps(made))


main()
