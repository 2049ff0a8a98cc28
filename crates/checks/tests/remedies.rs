//! No remedy stops mail that passed before: a property of a thousand generated zones.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::net::IpAddr;

use checks::remedy::spf::{Addable, Refusal, cover};
use checks::spf::{Input, SpfRecord, SpfResult, audit, evaluate};
use checks::{Answer, Kind, Outcome, Question, Questions, Record, Service};

/// A small generator of numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % below
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }
}

type Zone = BTreeMap<(String, Kind), Vec<Record>>;

fn ip(dice: &mut Dice) -> IpAddr {
    if dice.roll(5) == 0 { format!("2001:db8::{}", dice.roll(8)).parse().unwrap() } else { IpAddr::from([203, 0, 113, dice.roll(32) as u8]) }
}

/// A record of one to nine terms; some lead to others, some to nothing, some are broken.
fn record(dice: &mut Dice, deep: bool) -> String {
    let mut terms = vec!["v=spf1".to_owned()];
    for _ in 0..=dice.roll(8) {
        let sign = dice.one(&["", "", "", "", "+", "-", "~", "?"]);
        let term = match dice.roll(if deep { 9 } else { 6 }) {
            0 | 1 => format!("ip4:203.0.113.{}/{}", dice.roll(32), 24 + dice.roll(9)),
            2 => format!("ip6:2001:db8::{}/125", dice.roll(8)),
            3 => "a".to_owned(),
            4 => "mx".to_owned(),
            5 => format!("a:host{}.example", dice.roll(4)),
            6 | 7 => format!("include:spf{}.example", dice.roll(5)),
            _ => format!("exists:%{{i}}.list{}.example", dice.roll(2)),
        };
        terms.push(format!("{sign}{term}"));
    }
    terms.push(match dice.roll(8) {
        0 => format!("redirect=spf{}.example", dice.roll(5)),
        1 => String::new(),
        2 => "all".to_owned(),
        _ => dice.one(&["-all", "~all", "?all"]).to_owned(),
    });
    if dice.roll(40) == 0 {
        terms.push("ip4:1.2.3.4/99".to_owned());
    }
    terms.join(" ").trim().to_owned()
}

fn zone(dice: &mut Dice) -> Zone {
    let mut zone = Zone::new();
    let txt = |text: String| vec![Record::Txt(vec![text.into_bytes()])];
    if dice.roll(12) > 0 {
        let own = record(dice, true);
        zone.insert(("northwind.example".into(), Kind::Txt), [txt("proof=1".into()), txt(own)].concat());
    }
    for number in 0..4 {
        let inner = record(dice, false);
        zone.insert((format!("spf{number}.example"), Kind::Txt), txt(inner));
        zone.insert((format!("host{number}.example"), Kind::A), vec![Record::A([203, 0, 113, dice.roll(32) as u8].into())]);
    }
    zone.insert(("northwind.example".into(), Kind::A), vec![Record::A([203, 0, 113, 5].into())]);
    zone.insert(("northwind.example".into(), Kind::Mx), vec![Record::Mx(10, "host1.example".into())]);
    zone
}

fn answer(zone: &Zone, question: &Question) -> Answer {
    match zone.get(&(question.name.clone(), question.kind)) {
        Some(records) => Answer::of(records.clone()),
        None if zone.keys().any(|(name, _)| *name == question.name) => Answer::empty(Outcome::NoData),
        None => Answer::empty(Outcome::NoName),
    }
}

fn results(zone: &Zone, senders: &[Input]) -> Vec<SpfResult> {
    senders.iter().map(|input| Questions::default().settle(|question| answer(zone, question), |dns| evaluate(dns, input)).result).collect()
}

#[test]
fn no_remedy_stops_mail_that_passed_before() {
    let (mut offered, mut refused) = (0, BTreeMap::<String, u32>::new());
    for seed in 0..1000 {
        let dice = &mut Dice(seed);
        let zone = zone(dice);
        let ips: Vec<IpAddr> = (0..6).map(|_| ip(dice)).collect();
        let sender =
            |ip: &IpAddr| Input { ip: *ip, mail_from: "maria@northwind.example".into(), helo: "mail.northwind.example".into(), receiver: String::new() };
        let senders: Vec<Input> = ips.iter().map(sender).collect();
        let own: Vec<IpAddr> = ips.iter().copied().take(dice.roll(4) as usize).collect();
        let service = Service { ip: ips[5], name: "Sendwell".into(), include: format!("spf{}.example", dice.roll(5)) };
        let services = if dice.roll(3) == 0 { vec![service] } else { Vec::new() };
        let addable = Addable { own: &own, services: &services };
        let found = Questions::default().settle(|question| answer(&zone, question), |dns| cover(dns, "northwind.example", &senders, addable));
        let remedy = match found {
            Ok(remedy) => remedy,
            Err(refusal) => {
                *refused.entry(format!("{refusal:?}").split('(').next().unwrap().to_owned()).or_default() += 1;
                assert!(
                    refusal != Refusal::NobodyConfirmed
                        || own.is_empty()
                        || results(&zone, &senders).iter().zip(&ips).all(|(result, ip)| *result == SpfResult::Pass || !own.contains(ip))
                );
                continue;
            }
        };
        offered += 1;
        let [record] = remedy.records.as_slice() else { panic!("one record") };
        let parsed = SpfRecord::parse(record.value.as_bytes()).unwrap_or_else(|fault| panic!("{seed}: {fault:?}"));
        let mut after = zone.clone();
        let old = zone.get(&("northwind.example".to_owned(), Kind::Txt)).and_then(|texts| texts.last()).map(ToString::to_string);
        assert_eq!(record.replaces, old, "the record that is there is replaced, and none is added beside it");
        after.insert(("northwind.example".into(), Kind::Txt), vec![Record::Txt(vec![record.value.clone().into_bytes()])]);
        let (before, now) = (results(&zone, &senders), results(&after, &senders));
        for (input, (before, now)) in senders.iter().zip(before.iter().zip(&now)) {
            assert!(*before != SpfResult::Pass || *now == SpfResult::Pass, "{seed}: {} passed before: {:?} -> {}", input.ip, old, record.value);
        }
        assert!(before.iter().zip(&now).any(|(before, now)| before != now && *now == SpfResult::Pass), "{seed}: {}", record.value);
        if let Some(old) = old {
            let end = |record: &SpfRecord| record.mechanisms().find(|(.., text)| text.ends_with("all")).map(|(.., text)| text.to_owned());
            assert_eq!(end(&SpfRecord::parse(old.as_bytes()).unwrap()), end(&parsed), "{seed}");
        }
        let tree = Questions::default().settle(|question| answer(&after, question), |dns| audit(dns, "northwind.example"));
        assert!(tree.lookups <= 10 && tree.broken.is_empty(), "{seed}: {tree:?}");
        for ip in record.value.split("ip4:").skip(1).chain(record.value.split("ip6:").skip(1)).filter_map(|rest| rest.split(' ').next()?.parse::<IpAddr>().ok())
        {
            let was_there = record.replaces.as_deref().is_some_and(|old| old.contains(&ip.to_string()));
            assert!(was_there || own.contains(&ip), "{seed}: {ip} was never confirmed");
        }
    }
    println!("{offered} remedies, refused: {refused:?}");
    assert!(offered > 150, "only {offered} remedies; {refused:?}");
}
