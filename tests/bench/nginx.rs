//! Runs nginx with sendfile, where it is installed: the fastest common way to send a file.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::client::Target;
use crate::failure::Failure;
use crate::process::{Process, free_address, on_path};
use crate::requests;
use crate::server::workers;

/// The path of the file that it sends.
pub(crate) const PATH: &str = "/file";

/// A running nginx.
pub(crate) struct Nginx {
    /// The address that it answers at.
    pub(crate) target: Target,
    _process: Process,
}

impl Nginx {
    /// Starts an nginx that sends one file in `folder`. The function `make` makes that file at the
    /// path that it gets. Returns `None` where nginx is not installed.
    pub(crate) fn start(
        folder: &Path,
        make: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<Option<Self>, Failure> {
        let Some(program) = on_path("nginx") else {
            return Ok(None);
        };
        let (folder, address) = (folder.join("nginx"), free_address()?);
        std::fs::create_dir(&folder)?;
        make(&folder.join("file"))?;
        let configuration = folder.join("nginx.conf");
        std::fs::write(&configuration, configured(&folder, &address.to_string()))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(&configuration);
        command
            .args(["-e", "error.log"])
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let target = Target::plain(address);
        let mut process = Process::start(&mut command)?;
        process.answers(&target, &requests::get(PATH, None), Instant::now())?;
        Ok(Some(Self {
            target,
            _process: process,
        }))
    }
}

fn configured(folder: &Path, address: &str) -> String {
    let (folder, workers) = (folder.display(), workers());
    // Started as root, nginx would change to a user that cannot read a private folder.
    format!(
        "daemon off;
worker_processes {workers};
user root root;
pid {folder}/pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {address};
        root {folder};
    }}
}}
"
    )
}
