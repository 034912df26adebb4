//! The parts of documents that have attributes of features that are not served.

/// Declares the parts of documents that have such attributes, each with a type of its own for
/// [`Constants`](super::Constants).
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// The part of a document that an attribute is in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Part {
            $($(#[$doc])* $name),+
        }

        /// The parts as types.
        pub(crate) mod part {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub(crate) enum $name {}

                impl super::IsPart for $name {
                    const PART: super::Part = super::Part::$name;
                }
            )+
        }
    };
}

parts! {
    /// The attributes of an organization.
    Organization,
    /// The `permissions` of an organization.
    OrganizationPermissions,
    /// The settings of an audit log: the attributes of requests, and the `permissions` of responses.
    AuditConfiguration,
    /// The attributes of an entitlement set.
    EntitlementSet,
    /// The attributes of an organization for administrators.
    AdminOrganization,
    /// The attributes of a team.
    Team,
    /// The attributes of a module.
    Module,
    /// The attributes of a version of a module.
    ModuleVersion,
    /// The attributes of a user.
    User,
    /// The `permissions` of a user.
    UserPermissions,
    /// The `two-factor` of a user.
    TwoFactor,
    /// The attributes of a user for administrators.
    AdminUser,
    /// The attributes of a key of a provider.
    Key,
}

/// A [`Part`] as a type.
pub(crate) trait IsPart {
    /// The part.
    const PART: Part;
}
