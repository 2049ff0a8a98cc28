//! What lies on the table: the case that was read last, and the jobs that still read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use desk::{Checked, Progress, Scan};

/// The window's memory.
#[derive(Default)]
pub struct Table {
    scan: Mutex<Option<Scan>>,
    checked: Mutex<Option<Checked>>,
    jobs: Mutex<HashMap<u32, Arc<Progress>>>,
}

impl Table {
    /// The case on the table.
    pub fn scan(&self) -> MutexGuard<'_, Option<Scan>> {
        self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the check of the case on the table found last.
    pub fn checked(&self) -> MutexGuard<'_, Option<Checked>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a job; those that still read are told to stop, because their answer is not wanted any more.
    pub fn begin(&self, job: u32) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.values().for_each(|other| other.cancel());
        jobs.insert(job, Arc::clone(&progress));
        progress
    }

    /// Asks a job to stop; what it read is kept.
    pub fn cancel(&self, job: u32) {
        if let Some(progress) = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).get(&job) {
            progress.cancel();
        }
    }

    /// Ends a job, and says whether a newer one has begun meanwhile.
    pub fn end(&self, job: u32) -> bool {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.remove(&job);
        jobs.keys().any(|other| *other > job)
    }
}
