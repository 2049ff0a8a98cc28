//! How fast replies are explained: a million different ones, and what ten times as many and ten times longer ones take.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::hint::black_box;
use std::time::Instant;

use providers::{Knowledge, ProviderId};
use smtp::Stage;

/// Every sample of every rule, over and over, each time with other numbers in it; longer by a tail that says nothing.
fn replies(knowledge: &Knowledge, many: usize, tail: &str) -> Vec<(ProviderId, String)> {
    let samples: Vec<(ProviderId, &str)> =
        knowledge.rules().flat_map(|(_, rule)| rule.samples.iter().map(move |sample| (rule.provider, sample.as_str()))).collect();
    let reply = |(number, (provider, sample)): (usize, &(ProviderId, &str))| (*provider, format!("{sample} Txn ID {number:032x}{tail}"));
    samples.iter().cycle().take(many).enumerate().map(reply).collect()
}

fn seconds(knowledge: &Knowledge, replies: &[(ProviderId, String)]) -> f64 {
    let begun = Instant::now();
    let known = replies.iter().filter(|(provider, reply)| black_box(knowledge.rule_for(*provider, reply.as_bytes(), Stage::Unknown)).is_some()).count();
    assert_eq!(known, replies.len(), "every sample has its rule");
    begun.elapsed().as_secs_f64()
}

fn main() {
    let knowledge = Knowledge::built_in().unwrap();
    let rules = knowledge.rules().count();
    for (many, tail) in [(100_000, String::new()), (1_000_000, String::new()), (100_000, " and nothing more to say".repeat(40))] {
        let all = replies(&knowledge, many, &tail);
        let bytes: usize = all.iter().map(|(_, reply)| reply.len()).sum();
        let seconds = seconds(&knowledge, &all);
        let rate = many as f64 / seconds;
        println!(
            "{many} replies of {} bytes against {rules} rules: {seconds:.2} s, {rate:.0} a second, {:.1} MB/s",
            bytes / many,
            bytes as f64 / seconds / 1e6
        );
    }
}
