//! Many BMCs in one process, for benchmarks and for trying things out by hand.
//!
//! ```console
//! $ bmcs ipmi --count 10000 --first 127.1.0.1 --port 6230      # 127.1.0.1, 127.1.0.2, …
//! $ bmcs redfish --model dell --count 1 --first 127.0.0.1 --port 8000
//! ready 127.0.0.1:8000
//! ```
//!
//! It prints `ready` and the first address when all of them listen, and answers until it is killed.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use drivers_sim::ipmi::{self, IpmiBmc};
use drivers_sim::redfish::{self, Hardware, Model, RedfishBmc};

/// What they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Protocol {
    /// IPMI over UDP.
    Ipmi,
    /// Redfish over HTTP.
    Redfish,
}

/// BMCs on consecutive loopback addresses.
#[derive(Debug, Parser)]
struct Options {
    /// What they speak
    protocol: Protocol,
    /// How many
    #[arg(long, default_value_t = 1)]
    count: u32,
    /// Address of the first; the others follow
    #[arg(long, default_value = "127.0.0.1")]
    first: Ipv4Addr,
    /// The port of all; with a count of 1, 0 is any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// They are on consecutive ports of one address
    #[arg(long)]
    ports: bool,
    /// User
    #[arg(long, default_value = "admin")]
    user: String,
    /// Password
    #[arg(long, default_value = "password")]
    password: String,
    /// Every n-th one takes requests and never answers; 0 is none
    #[arg(long, default_value_t = 0)]
    dead_every: u32,
    /// Every answer comes this much later, in milliseconds
    #[arg(long, default_value_t = 0)]
    latency: u64,
    /// The machines are on
    #[arg(long)]
    on: bool,
    /// Model of Redfish BMCs: generic, dell, hpe, lenovo, supermicro, huawei
    #[arg(long, default_value = "generic", value_parser = model)]
    model: &'static Model,
    /// Cipher suites of IPMI BMCs
    #[arg(long, value_delimiter = ',', default_value = "17,16,15,3,2,1")]
    suites: Vec<u8>,
    /// Kg of IPMI BMCs, at most 20 characters
    #[arg(long)]
    kg: Option<String>,
    /// IPMI BMCs have two controllers behind them: 0x30 on channel 0, and 0x72 on channel 7 of 0x82
    #[arg(long)]
    satellites: bool,
}

fn model(name: &str) -> Result<&'static Model, String> {
    Model::by_name(name).ok_or_else(|| format!("no model is called {name}"))
}

impl Options {
    fn address(&self, index: u32) -> SocketAddr {
        if self.ports {
            let offset = u16::try_from(index).unwrap_or(u16::MAX);
            return SocketAddr::from((self.first, self.port.saturating_add(offset)));
        }
        let ip = Ipv4Addr::from_bits(self.first.to_bits().wrapping_add(index));
        SocketAddr::from((ip, self.port))
    }

    fn is_dead(&self, index: u32) -> bool {
        self.dead_every > 0 && (index + 1).is_multiple_of(self.dead_every)
    }

    fn ipmi(&self, index: u32) -> ipmi::Bmc {
        let mut bmc = ipmi::Bmc {
            user: self.user.clone(),
            password: self.password.clone(),
            suites: self.suites.clone(),
            kg: self.kg.as_ref().map(|text| {
                let mut key = [0; 20];
                for (to, from) in key.iter_mut().zip(text.bytes()) {
                    *to = from;
                }
                key
            }),
            ..ipmi::Bmc::default()
        };
        bmc.machine.on = self.on;
        if self.satellites {
            bmc.satellites = satellites();
        }
        if self.is_dead(index) {
            bmc.bugs.on(ipmi::Bug::Silent);
        }
        if self.latency > 0 {
            bmc.bugs
                .on(ipmi::Bug::Slow(Duration::from_millis(self.latency)));
        }
        bmc
    }
}

fn satellites() -> Vec<ipmi::Satellite> {
    let behind = ipmi::Satellite {
        channel: 7,
        address: 0x72,
        controller: ipmi::Controller::bare(0x72, 0x1293, 0x0f04),
        behind: vec![],
    };
    let single = ipmi::Satellite {
        channel: 0,
        address: 0x30,
        controller: ipmi::Controller::bare(0x30, 0x1292, 0x0f03),
        behind: vec![],
    };
    let transit = ipmi::Satellite {
        channel: 0,
        address: 0x82,
        controller: ipmi::Controller::bare(0x82, 0x1294, 0x0f05),
        behind: vec![behind],
    };
    vec![single, transit]
}

async fn start_ipmi(options: &Options) -> io::Result<Vec<IpmiBmc>> {
    let mut bmcs = Vec::new();
    for index in 0..options.count {
        bmcs.push(IpmiBmc::start_at(options.address(index), options.ipmi(index)).await?);
    }
    Ok(bmcs)
}

async fn start_redfish(options: &Options) -> io::Result<Vec<RedfishBmc>> {
    let mut bmcs: Vec<RedfishBmc> = Vec::new();
    for index in 0..options.count {
        let mut builder = RedfishBmc::builder(options.model)
            .account(&options.user, &options.password)
            .hardware(Hardware {
                number: index + 1,
                ..Hardware::default()
            })
            .address(options.address(index));
        if let Some(first) = bmcs.first() {
            builder = builder.like(first);
        }
        let bmc = builder.start().await?;
        bmc.set_power(options.on);
        if options.is_dead(index) {
            bmc.on(redfish::Bug::Silent);
        }
        if options.latency > 0 {
            bmc.on(redfish::Bug::Slow(Duration::from_millis(options.latency)));
        }
        bmcs.push(bmc);
    }
    Ok(bmcs)
}

/// Everything that answers, kept until the end.
type Kept = Arc<dyn Send + Sync>;

#[tokio::main]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let (kept, first): (Kept, Option<SocketAddr>) = match options.protocol {
        Protocol::Ipmi => {
            let bmcs = start_ipmi(&options).await?;
            let first = bmcs.first().map(IpmiBmc::address);
            (Arc::new(bmcs), first)
        }
        Protocol::Redfish => {
            let bmcs = start_redfish(&options).await?;
            let first = bmcs.first().map(RedfishBmc::address);
            (Arc::new(bmcs), first)
        }
    };
    if let Some(first) = first {
        writeln!(io::stdout(), "ready {first}")?;
    }
    std::future::pending::<()>().await;
    drop(kept);
    Ok(())
}
