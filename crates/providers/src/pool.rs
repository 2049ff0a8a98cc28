//! Outgoing services that many senders share: their addresses are never the client's own.

use std::net::IpAddr;

use serde::Deserialize;

use crate::model::Network;

/// A service and its addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// What it is called.
    pub name: String,
    /// What its customers put into their SPF records.
    pub include: String,
    /// Where the addresses are known from.
    pub source: String,
    /// When they were true.
    pub date: String,
    addresses: Vec<Network>,
}

impl Pool {
    /// Whether an address belongs to it.
    pub fn holds(&self, ip: IpAddr) -> bool {
        self.addresses.iter().any(|network| network.holds(ip))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PoolFile {
    pub pool: Vec<Pool>,
}
