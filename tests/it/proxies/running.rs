//! A proxy that runs until the test ends.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use super::documented::{Places, configuration};
use crate::harness::free_port;
use crate::left_out::left_out;

/// How long a proxy may take to start.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where Debian installs servers; it is not on everybody's PATH.
const SERVERS: &str = "/usr/sbin";

/// A proxy, and the folder with all its files.
pub(super) struct Proxy {
    child: Child,
    folder: TempDir,
    pub(super) port: u16,
}

impl Proxy {
    /// Starts a proxy before the registry at an address; `None`, after it said so, where it is not
    /// installed.
    pub(super) fn start(
        name: &str,
        registry: &str,
        change: impl Fn(String) -> String,
    ) -> Option<Self> {
        let Some(program) = program_of(name) else {
            left_out("TOOLS", &format!("{name} is not installed"));
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        certify(folder.path());
        let port = free_port();
        let places = Places {
            port,
            registry,
            folder: folder.path(),
        };
        let documented = change(configuration(name, &places));
        let mut command = prepare(name, &program, folder.path(), &documented);
        let log = std::fs::File::create(folder.path().join("output")).expect("a file");
        let child = command
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log)
            .spawn()
            .expect("the proxy starts");
        let mut proxy = Self {
            child,
            folder,
            port,
        };
        proxy.wait();
        Some(proxy)
    }

    /// Returns the certificate, which clients have to trust.
    pub(super) fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn wait(&mut self) {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().expect("the process can be asked");
            let waits = ended.is_none() && Instant::now() < until;
            let said = || std::fs::read_to_string(self.folder.path().join("output"));
            assert!(waits, "the proxy did not start: {ended:?} {:?}", said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // A polite end first: each of them ends its own workers then.
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let until = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn program_of(name: &str) -> Option<PathBuf> {
    let file = if name == "apache" { "apache2" } else { name };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([SERVERS.into()]);
    folders
        .map(|folder| folder.join(file))
        .find(|it| it.is_file())
}

/// Writes a certificate for this machine and its key, each alone and both in one file.
fn certify(folder: &Path) {
    let pair = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let certificate = params.self_signed(&pair).expect("a certificate").pem();
    let key = pair.serialize_pem();
    for (name, text) in [
        ("cert.pem", certificate.clone()),
        ("key.pem", key.clone()),
        ("both.pem", format!("{certificate}{key}")),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

/// Writes the configuration, with what the system's own one brings elsewhere, and returns the command that
/// reads it.
fn prepare(name: &str, program: &Path, folder: &Path, documented: &str) -> Command {
    let mut command = Command::new(program);
    let file = folder.join("configuration");
    let text = match name {
        "nginx" => {
            command.arg("-p").arg(folder).args(["-g", "daemon off;"]);
            command.arg("-c").arg(&file);
            nginx(folder, documented)
        }
        "caddy" => {
            command.args(["run", "--adapter", "caddyfile", "--config"]);
            command.arg(&file);
            format!("{{\n  admin off\n  auto_https disable_redirects\n}}\n{documented}\n")
        }
        "apache" => {
            command.arg("-D").arg("FOREGROUND").arg("-f").arg(&file);
            apache(folder, documented)
        }
        "haproxy" => {
            command.arg("-db").arg("-f").arg(&file);
            format!("{documented}\n")
        }
        other => panic!("there is no proxy {other}"),
    };
    std::fs::write(&file, text).expect("written");
    command
}

fn nginx(folder: &Path, documented: &str) -> String {
    let place = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let paths = temporary.map(|it| format!("  {it}_temp_path {place}/{it};\n"));
    format!(
        "pid {place}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n  access_log off;\n{}{documented}\n}}\n",
        paths.concat()
    )
}

fn apache(folder: &Path, documented: &str) -> String {
    let place = folder.display();
    let modules = ["mpm_event", "authz_core", "ssl", "proxy", "proxy_http"];
    let modules =
        modules.map(|it| format!("LoadModule {it}_module /usr/lib/apache2/modules/mod_{it}.so\n"));
    let virtual_host = documented.lines().next().expect("a line");
    let address = virtual_host
        .trim_start_matches("<VirtualHost ")
        .trim_end_matches('>');
    format!(
        "ServerRoot {place}\nDefaultRuntimeDir {place}\nPidFile {place}/pid\nErrorLog {place}/errors\n\
         ServerName 127.0.0.1\nMutex file:{place}\n{}SSLSessionCache none\nListen {address} https\n\
         {documented}\n",
        modules.concat()
    )
}
