//! Makes the corpus: ten thousand modules of five versions each, and a few modules that single rows
//! request.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use terrakeep::auth::{Caller, PublishModules, UrlSigner};
use terrakeep::config::Config;
use terrakeep::domain::{KeptChange, ModuleAddress, ModuleVersionAddress, ShortText};
use terrakeep::registry::{AccessRulesChange, Clock, NewOrganization, Registry};
use terrakeep::server::{registry_settings, store_options, take_first_steps};
use terrakeep::storage::{Blobs, DataDir, Disk, Store};

use crate::archives;
use crate::described;
use crate::failure::{Failure, failure};
use crate::report;
use crate::unsynced_disk::UnsyncedDisk;

/// The organization that a row deletes; it has a tenth as many modules as all others.
pub(crate) const DOOMED: &str = "doomed";

const VERSIONS_EACH: u32 = 5;
const VERSIONS_OF_ONE: u32 = 100;
/// How many versions the public module with the most has.
const VERSIONS_OF_LOOKED_AT: u32 = 250;
/// How many modules of five versions are public, so that their pages are looked at.
pub(crate) const PUBLIC_MODULES: u32 = 300;
const THREADS: usize = 8;

/// A data directory full of modules, and the ones in it that rows request.
pub(crate) struct Corpus {
    /// The data directory.
    pub(crate) data_dir: PathBuf,
    /// The administrator's token.
    pub(crate) token: String,
    /// A version of the module with a hundred versions.
    pub(crate) of_many: Published,
    /// An archive of 100 kB.
    pub(crate) small: Published,
    /// An archive of 10 MiB.
    pub(crate) large: Published,
    /// A module with as much content as the largest that people publish; it is public.
    pub(crate) detailed: Published,
    /// The last version of a public module with 250 versions.
    pub(crate) long_lived: Published,
    /// The address of a module that rows publish versions of.
    pub(crate) published_to: &'static str,
    /// The first number of those versions that this module does not have yet.
    pub(crate) numbers: Arc<AtomicU32>,
}

/// A published version.
pub(crate) struct Published {
    /// The module's address.
    pub(crate) module: String,
    /// The version.
    pub(crate) version: String,
}

impl Corpus {
    /// Makes a corpus of `modules` modules in a new directory below `dir`.
    pub(crate) fn make(dir: &Path, modules: u32) -> Result<Self, Failure> {
        let started = Instant::now();
        let data_dir = dir.join("data");
        let registry = open(&data_dir)?;
        let first = take_first_steps(&registry)?;
        let published = |name: &str, version: &str| Published {
            module: format!("acme/{name}/aws"),
            version: version.to_owned(),
        };
        let corpus = Self {
            token: first.token.reveal().to_owned(),
            of_many: published("many", "1.99.0"),
            small: published("small", "1.0.0"),
            large: published("large", "1.0.0"),
            detailed: Published {
                module: "open/detailed/aws".to_owned(),
                version: "1.0.0".to_owned(),
            },
            long_lived: Published {
                module: "open/long-lived/aws".to_owned(),
                version: format!("1.{}.0", VERSIONS_OF_LOOKED_AT - 1),
            },
            published_to: "acme/published/aws",
            numbers: Arc::default(),
            data_dir,
        };
        fill(&registry, "acme", modules)?;
        publish_many(&registry, &corpus.of_many.module, VERSIONS_OF_ONE)?;
        let small = archives::of_configuration(100_000)?;
        let large = archives::of_noise(10 << 20)?;
        let detailed = described::detailed()?;
        create_organization(&registry, "open", true)?;
        fill(&registry, "open", PUBLIC_MODULES)?;
        publish_many(&registry, &corpus.long_lived.module, VERSIONS_OF_LOOKED_AT)?;
        for (place, archive) in [
            (&corpus.small, small),
            (&corpus.large, large),
            (&corpus.detailed, detailed),
        ] {
            create(&registry, &place.module)?;
            publish(&registry, &place.module, &place.version, &archive)?;
        }
        create(&registry, corpus.published_to)?;
        registry.catch_up()?;
        registry.checkpoint_if_due()?;
        registry.close()?;
        // Everything is written to the disk before anything is measured on it.
        Command::new("sync").status()?;
        report::progress(&format!(
            "made {modules} modules × {VERSIONS_EACH} versions in {:.1} s",
            started.elapsed().as_secs_f64()
        ));
        Ok(corpus)
    }

    /// Adds the organization that is going to be deleted, while no server runs.
    pub(crate) fn add_doomed(&self, modules: u32) -> Result<(), Failure> {
        let registry = open(&self.data_dir)?;
        create_organization(&registry, DOOMED, false)?;
        fill(&registry, DOOMED, modules)?;
        registry.catch_up()?;
        registry.close()?;
        Command::new("sync").status()?;
        Ok(())
    }
}

fn open(data_dir: &Path) -> Result<Registry, Failure> {
    let disk: Arc<dyn Disk> = Arc::new(UnsyncedDisk);
    let (dir, config) = (DataDir::open(data_dir, &*disk)?, Config::default());
    let store = Store::open(&dir, Arc::clone(&disk), store_options(&config), |_| {})?;
    let blobs = Blobs::new(&dir, disk)?;
    // Nothing is signed here; the server makes its own key.
    let signer = UrlSigner::new(&[0; 32]);
    Ok(Registry::new(
        store,
        blobs,
        Clock::system(),
        signer,
        registry_settings(&config),
    )?)
}

fn fill(registry: &Registry, organization: &str, modules: u32) -> Result<(), Failure> {
    let next = AtomicU32::new(0);
    let work = || -> Result<(), Failure> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= modules {
                return Ok(());
            }
            let (thing, module) = (thing(number), address(organization, number));
            create(registry, &module)?;
            for minor in 0..VERSIONS_EACH {
                let version = format!("1.{minor}.0");
                let archive = described::about(&thing, number * VERSIONS_EACH + minor)?;
                publish(registry, &module, &version, &archive)?;
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .map_err(|_| failure("a thread that made the corpus panicked"))?
        })
    })
}

/// Makes a module with that many small versions.
fn publish_many(registry: &Registry, module: &str, versions: u32) -> Result<(), Failure> {
    create(registry, module)?;
    for minor in 0..versions {
        let version = format!("1.{minor}.0");
        publish(registry, module, &version, &archives::tiny(&version)?)?;
    }
    Ok(())
}

/// Returns the addresses of the modules of five versions that are public.
pub(crate) fn public_modules() -> impl Iterator<Item = String> {
    (0..PUBLIC_MODULES).map(|number| address("open", number))
}

fn address(organization: &str, number: u32) -> String {
    format!("{organization}/{}-{number:05}/aws", thing(number))
}

fn create_organization(registry: &Registry, name: &str, public: bool) -> Result<(), Failure> {
    let new = NewOrganization {
        name: name.parse()?,
        email: ShortText::default(),
        public,
        kept: KeptChange::default(),
        owner: None,
        rules: AccessRulesChange::default(),
    };
    registry.create_organization(&registry.site_grant(&Caller::Operator)?, new)?;
    Ok(())
}

/// Returns the topic of the module with this number.
fn thing(number: u32) -> String {
    let of = |words: &[&str], number: u32| -> String {
        let place = usize::try_from(number).unwrap_or(0) % words.len().max(1);
        words.get(place).copied().unwrap_or_default().to_owned()
    };
    let (kind, part) = (of(&KINDS, number), of(&PARTS, number / 7));
    format!("{kind}{part}")
}

#[rustfmt::skip]
const KINDS: [&str; 31] = [
    "vpc", "s3-bucket", "rds", "eks", "lambda", "iam-role", "security-group", "alb", "route53",
    "kms", "dynamodb", "sqs", "sns", "ecs", "ecr", "cloudfront", "acm", "redis", "opensearch",
    "msk", "aurora", "transit-gateway", "vpn", "bastion", "autoscaling", "efs", "backup",
    "budget", "guardduty", "waf", "eventbridge",
];

#[rustfmt::skip]
const PARTS: [&str; 11] = [
    "", "-simple", "-private", "-public", "-replica", "-logs", "-peering", "-cluster", "-policy",
    "-endpoint", "-cross-account",
];

fn create(registry: &Registry, module: &str) -> Result<(), Failure> {
    let address: ModuleAddress = module.parse()?;
    let grant = registry.module_grant::<PublishModules>(&Caller::Operator, &address)?;
    registry.create_module(&grant, address, KeptChange::default())?;
    Ok(())
}

fn publish(
    registry: &Registry,
    module: &str,
    version: &str,
    archive: &[u8],
) -> Result<(), Failure> {
    let address = ModuleVersionAddress {
        module: module.parse()?,
        version: version.parse()?,
    };
    let grant = registry.module_grant::<PublishModules>(&Caller::Operator, &address.module)?;
    let (_, _, secret) = registry.create_pending_version(&grant, address, None)?;
    let ticket = registry.redeem_ticket(&secret)?;
    let mut incoming = registry.incoming()?;
    incoming.write_all(archive)?;
    registry.publish_module_version(&ticket, incoming)?;
    Ok(())
}
