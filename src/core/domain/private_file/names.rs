//! The names of private files. Capital letters do not count.

use super::PrivateFile;
use super::PrivateFile::{
    CrashLog, Credentials, History, Plan, PrivateKey, State, SystemFile, Values, WorkingFolder,
};

/// A name of private files, and what they hold.
///
/// `*` stands for any characters. A name with `/` at its end is that of a folder with everything
/// in it; a link or a file of that name is private, too.
pub type PrivateName = (&'static str, PrivateFile);

/// The names; the first one that fits decides.
#[rustfmt::skip]
pub const PRIVATE_NAMES: &[PrivateName] = &[
    (".terraform/",          WorkingFolder),
    (".terragrunt-cache/",   WorkingFolder),
    (".terragrunt-stack/",   WorkingFolder),
    (".external_modules/",   WorkingFolder),
    (".infracost/",          WorkingFolder),
    (".git/",                History),
    (".hg/",                 History),
    (".svn/",                History),
    (".bzr/",                History),
    (".jj/",                 History),
    ("terraform.tfstate.d/", State),
    (".terraform.d/",        Credentials),
    (".ssh/",                Credentials),
    (".gnupg/",              Credentials),
    (".aws/",                Credentials),
    (".azure/",              Credentials),
    (".kube/",               Credentials),
    (".docker/",             Credentials),
    ("__macosx/",            SystemFile),

    ("*.tfstate",            State),
    ("*.tfstate.*",          State),
    ("*.tfplan",             Plan),
    ("*.tfplan.*",           Plan),
    ("tfplan",               Plan),
    ("tfplan.*",             Plan),
    ("plan.out",             Plan),
    ("*.tfvars",             Values),
    ("*.tfvars.*",           Values),
    ("*.tfbackend",          Values),
    ("crash*.log",           CrashLog),

    ("id_rsa",               PrivateKey),
    ("id_dsa",               PrivateKey),
    ("id_ecdsa",             PrivateKey),
    ("id_ecdsa_sk",          PrivateKey),
    ("id_ed25519",           PrivateKey),
    ("id_ed25519_sk",        PrivateKey),
    ("*.pem",                PrivateKey),
    ("*.key",                PrivateKey),
    ("*.ppk",                PrivateKey),
    ("*.p12",                PrivateKey),
    ("*.pfx",                PrivateKey),
    ("*.jks",                PrivateKey),
    ("*.keystore",           PrivateKey),
    ("*.kdbx",               PrivateKey),
    ("secring.gpg",          PrivateKey),

    (".env",                 Credentials),
    (".env.*",               Credentials),
    ("*.env",                Credentials),
    (".envrc",               Credentials),
    (".terraformrc",         Credentials),
    ("terraform.rc",         Credentials),
    (".tofurc",              Credentials),
    ("tofu.rc",              Credentials),
    ("*.tfrc",               Credentials),
    ("*.tfrc.json",          Credentials),
    (".netrc",               Credentials),
    ("_netrc",               Credentials),
    (".npmrc",               Credentials),
    (".pypirc",              Credentials),
    (".pgpass",              Credentials),
    (".my.cnf",              Credentials),
    (".htpasswd",            Credentials),
    (".dockercfg",           Credentials),
    (".git-credentials",     Credentials),
    (".vault-token",         Credentials),
    (".vault_pass",          Credentials),
    ("credentials.json",     Credentials),
    ("kubeconfig",           Credentials),
    ("kubeconfig_*",         Credentials),
    ("*.kubeconfig",         Credentials),

    (".ds_store",            SystemFile),
    ("._*",                  SystemFile),
    ("thumbs.db",            SystemFile),
    ("desktop.ini",          SystemFile),
];

/// The endings of files that no name makes private: Terraform's code, documentation, and samples
/// that are there to be copied.
#[rustfmt::skip]
pub const PRIVATE_SPARED_ENDINGS: &[&str] = &[
    ".tf", ".tf.json", ".tofu", ".tofu.json", ".hcl", ".md", ".tpl", ".tftpl", ".tmpl", ".template",
    ".example", ".sample", ".dist",
];

/// The endings that editors and people give to a copy.
pub const PRIVATE_COPY_ENDINGS: &[&str] = &[
    "~", ".bak", ".backup", ".old", ".orig", ".save", ".swp", ".swo", ".tmp", ".copy",
];

/// Returns what a component of a path says; `None` if it is not on the list.
pub(super) fn kind_of(component: &str, is_last: bool) -> Option<PrivateFile> {
    let name = component.to_lowercase();
    let name = original_of(&name);
    let is_spared = is_last && PRIVATE_SPARED_ENDINGS.iter().any(|it| name.ends_with(it));
    PRIVATE_NAMES
        .iter()
        .find(|(pattern, _)| match pattern.strip_suffix('/') {
            Some(folder) => folder == name,
            // Names that no tool gives to a file of code, such as those of metadata, stay private.
            None if is_last => (!is_spared || name.starts_with("._")) && fits(pattern, name),
            None => false,
        })
        .map(|(_, kind)| *kind)
}

/// Returns the name of the file that a copy was made of, or the name as it is.
fn original_of(name: &str) -> &str {
    let mut name = name;
    while let Some(shorter) = PRIVATE_COPY_ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|shorter| !shorter.is_empty())
    {
        name = shorter;
    }
    name
}

/// Returns whether a name fits a pattern; both are in lower case.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
