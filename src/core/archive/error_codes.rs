//! The stable code of each refusal, which responses and metrics carry in addition to its text.

use super::ArchiveError;

impl ArchiveError {
    /// Returns whether the machine failed rather than the archive.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Changed)
    }

    /// Returns a code for the refusal that stays the same in all releases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Changed => "changed",
            Self::Empty => "empty",
            Self::NotGzip { .. } => "not-gzip",
            Self::GzipHeader(_) => "gzip-header",
            Self::Truncated => "truncated",
            Self::GzipDamaged => "gzip-damaged",
            Self::GzipChecksum => "gzip-checksum",
            Self::GzipLength => "gzip-length",
            Self::GzipMembers => "gzip-members",
            Self::GzipTrailing => "gzip-trailing",
            Self::UnpackedTooLarge { .. } => "unpacked-too-large",
            Self::RatioTooHigh { .. } => "ratio-too-high",
            Self::TooManyEntries { .. } => "too-many-entries",
            Self::MetadataTooLarge { .. } => "metadata-too-large",
            Self::PathTooLong { .. } => "path-too-long",
            Self::ComponentTooLong { .. } => "component-too-long",
            Self::PathTooDeep { .. } => "path-too-deep",
            Self::NotTar => "not-tar",
            Self::HeaderChecksum { .. } => "header-checksum",
            Self::HeaderAmbiguous { .. } => "header-ambiguous",
            Self::SizeNotation(_) => "size-notation",
            Self::SizesDiffer(_) => "sizes-differ",
            Self::ContentWithoutFile(_) => "content-without-file",
            Self::ModeType(_) => "mode-type",
            Self::EntryType { .. } => "entry-type",
            Self::Sparse(_) => "sparse",
            Self::HardLink(_) => "hard-link",
            Self::MetadataRepeated { .. } => "metadata-repeated",
            Self::MetadataMixed { .. } => "metadata-mixed",
            Self::MetadataStray { .. } => "metadata-stray",
            Self::MetadataMalformed { .. } => "metadata-malformed",
            Self::PaxRecord { .. } => "pax-record",
            Self::MissingEnd => "missing-end",
            Self::AfterEnd => "after-end",
            Self::NameEmpty(_) => "name-empty",
            Self::NameNotUtf8(_) => "name-not-utf8",
            Self::NameControl(_) => "name-control",
            Self::NameAbsolute(_) => "name-absolute",
            Self::NameParent(_) => "name-parent",
            Self::NameComponent(_) => "name-component",
            Self::NameBackslash(_) => "name-backslash",
            Self::NameWindows { .. } => "name-windows",
            Self::NameDuplicate(_) => "name-duplicate",
            Self::NameCollision { .. } => "name-collision",
            Self::NameConflict(_) => "name-conflict",
            Self::BelowLink { .. } => "below-link",
            Self::LinkAbsolute { .. } => "link-absolute",
            Self::LinkTarget { .. } => "link-target",
            Self::LinkEscapes { .. } => "link-escapes",
            Self::LinkDangling { .. } => "link-dangling",
            Self::LinkCircular { .. } => "link-circular",
            Self::LinkedFileTooLarge { .. } => "linked-file-too-large",
            Self::LinksTooMany(_) => "links-too-many",
            Self::NoFiles => "no-files",
            Self::NoTerraformFile => "no-terraform-file",
        }
    }
}
