//! Configuration dropped beside a log: the addresses that a mail server binds to or is told to send from.
//!
//! Postfix (`postconf -n`, `postconf -M`, `main.cf`, `master.cf`), Exim, cPanel's `/etc/mailips`, and what PowerShell prints
//! of an Exchange send connector. Nothing else of a configuration is read or kept: it may hold passwords.

use std::net::IpAddr;

use bstr::ByteSlice;
use smtp::is_public;

/// Something that a configuration says of where mail leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// An address that mail is sent from, with the name of the parameter.
    Sends(IpAddr, String),
    /// Mail goes through this host: its address is what receivers see.
    Relay(String),
    /// The name that the server gives in EHLO, and whether the setting is about nothing else.
    Helo(String, bool),
}

/// How many lines of a text are looked at.
const MOST_LINES: usize = 20_000;

/// What a text says, if it is a configuration; nothing where it is something else.
pub fn read(text: &[u8]) -> Option<Vec<Setting>> {
    let lines = || text.lines().take(MOST_LINES).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let all = lines().count();
    let of_kind = lines().filter(|line| pair(line).is_some() || is_service(line) || line.starts_with(b"-o ")).count();
    let settings: Vec<Setting> = lines().flat_map(settings).collect();
    // A single line with an equals sign is no configuration, nor is a log in which some words are.
    (all > 0 && of_kind * 10 >= all * 7 && (!settings.is_empty() || all >= 5)).then_some(settings)
}

/// A name and its value, as in `smtp_bind_address = 203.0.113.25` or `northwind.example: 203.0.113.25`.
fn pair(line: &[u8]) -> Option<(&str, &str)> {
    let line = line.to_str().ok()?;
    let at = line.find(['=', ':'])?;
    let (name, value) = (line.get(..at)?.trim(), line.get(at + 1..)?.trim());
    let is_name = |each: char| each.is_ascii_alphanumeric() || "_-.*".contains(each);
    (!name.is_empty() && name.len() < 80 && name.chars().all(is_name)).then_some((name, value))
}

/// A line of `master.cf`: service, kind, four columns and a program.
fn is_service(line: &[u8]) -> bool {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let kind = words.nth(1).unwrap_or_default();
    [&b"inet"[..], b"unix", b"fifo", b"pass", b"unix-dgram"].contains(&kind) && words.count() >= 5
}

fn settings(line: &[u8]) -> Vec<Setting> {
    let options = line.to_str().unwrap_or_default();
    let bound = options.split("-o ").skip(1).filter_map(|option| option.trim().split_once('='));
    let own = pair(line).filter(|_| !options.starts_with("-o "));
    bound
        .map(|(name, value)| (name.trim(), value.split_whitespace().next().unwrap_or_default()))
        .chain(own)
        .flat_map(|(name, value)| said(name, value))
        .collect()
}

/// What a parameter says.
fn said(name: &str, value: &str) -> Vec<Setting> {
    let lower = name.to_ascii_lowercase();
    let addresses = || value.split([' ', ',', ';', '<', '{', '}', '[', ']']).filter_map(|word| word.parse().ok()).filter(|ip| is_public(*ip));
    let is_mailip = name.parse::<IpAddr>().is_err() && (name == "*" || name.contains('.')) && value.parse::<IpAddr>().is_ok();
    match lower.as_str() {
        "smtp_bind_address" | "smtp_bind_address6" | "inet_interfaces" | "interface" | "sourceipaddress" | "outgoing_interface" => {
            addresses().map(|ip| Setting::Sends(ip, lower.clone())).collect()
        }
        "smtp_helo_name" | "helo_data" | "fqdn" => helo(value, true).into_iter().collect(),
        "myhostname" | "primary_hostname" => helo(value, false).into_iter().collect(),
        "relayhost" | "smarthosts" | "route_list" => relay(value).into_iter().collect(),
        _ if is_mailip => addresses().map(|ip| Setting::Sends(ip, format!("mailips {name}"))).collect(),
        _ => Vec::new(),
    }
}

/// A name; one that other settings stand for is not known.
fn helo(value: &str, outright: bool) -> Option<Setting> {
    let is_name = value.contains('.') && value.chars().all(|each| each.is_ascii_alphanumeric() || "-.".contains(each));
    is_name.then(|| Setting::Helo(value.to_ascii_lowercase(), outright))
}

fn relay(value: &str) -> Option<Setting> {
    let host = value.split_whitespace().find(|word| word.contains('.'))?.trim_matches(|each: char| "[]\"{}".contains(each));
    let host = host.split([']', ':']).next()?;
    (!host.is_empty()).then(|| Setting::Relay(host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sends(text: &str) -> Vec<String> {
        let settings = read(text.as_bytes()).unwrap_or_default();
        settings
            .into_iter()
            .map(|setting| match setting {
                Setting::Sends(ip, name) => format!("{name} {ip}"),
                Setting::Relay(host) => format!("relay {host}"),
                Setting::Helo(name, outright) => format!("helo {name} {outright}"),
            })
            .collect()
    }

    #[test]
    fn every_product_says_where_mail_leaves() {
        assert_eq!(
            sends("alias_maps = hash:/etc/aliases\nsmtp_bind_address = 203.0.113.25\nsmtp_bind_address6 = 2001:db8::25\nmynetworks = 127.0.0.0/8\n"),
            ["smtp_bind_address 203.0.113.25", "smtp_bind_address6 2001:db8::25"]
        );
        assert_eq!(
            sends(
                "smtp inet n - y - - smtpd\nout2 unix - - n - - smtp -o smtp_bind_address=203.0.113.26 -o smtp_helo_name=b.example\n  -o syslog_name=postfix-out2\n"
            ),
            ["smtp_bind_address 203.0.113.26", "helo b.example true"]
        );
        assert_eq!(
            sends("driver = smtp\ninterface = <; 203.0.113.27 ; 2001:db8::27\nhosts_avoid_tls = *\n"),
            ["interface 203.0.113.27", "interface 2001:db8::27"]
        );
        assert_eq!(sends("*: 203.0.113.28\nnorthwind.example: 203.0.113.29\n"), ["mailips * 203.0.113.28", "mailips northwind.example 203.0.113.29"]);
        assert_eq!(
            sends("Name : Out\nSmartHosts : {smarthost.sendwell.example}\nSourceIPAddress : 203.0.113.30\nFqdn : mail.northwind.example\n"),
            ["relay smarthost.sendwell.example", "sourceipaddress 203.0.113.30", "helo mail.northwind.example true"]
        );
        assert_eq!(sends("myhostname = Mail.northwind.example\nsmtp_helo_name = $myhostname\na = b\nc = d\ne = f\n"), ["helo mail.northwind.example false"]);
        assert_eq!(sends("relayhost = [smtp.sendwell.example]:587\ninet_interfaces = all\na = b\nc = d\ne = f\n"), ["relay smtp.sendwell.example"]);
    }

    #[test]
    fn what_is_no_configuration_is_left() {
        for text in [
            "",
            "a = b",
            "2026-10-05T07:14:07Z mail postfix/smtp[1]: x = y",
            "Hello,\nplease look at smtp_bind_address = 203.0.113.25\nThanks\n",
            "550 5.7.1 [HM08] no",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(sends("smtp_bind_address = 10.0.0.1\nrelayhost =\ninet_interfaces = 127.0.0.1\na = b\nc = d\n"), Vec::<String>::new());
    }
}
