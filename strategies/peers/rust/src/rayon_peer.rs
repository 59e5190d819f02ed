//! rayon: try_for_each over the workers, with a flag that running items look at.

use crate::shared::*;
use crate::work::*;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

pub struct Rayon(rayon::ThreadPool);

impl Rayon {
    pub fn open(h: &Header) -> Result<Rayon, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(h.threads as usize).build();
        pool.map(Rayon).map_err(|e| e.to_string())
    }

    /// Returns the index of the worker whose error is returned.
    pub fn call(&self, shared: Shared) -> Result<(), usize> {
        let stop = AtomicBool::new(false);
        let n = shared.header.workers();
        let result = self.0.install(|| {
            (0..n).into_par_iter().try_for_each(|i| work(shared, i, &stop))
        });
        if result.is_err() {
            seen(shared.header);
        }
        result
    }
}

/// One item. One that is told to stop returns no error: rayon returns that of the lowest index among
/// those that it has, which would hide the one that matters.
fn work(shared: Shared, i: usize, stop: &AtomicBool) -> Result<(), usize> {
    if stop.load(Relaxed) {
        return Ok(());
    }
    let thread = rayon::current_thread_index().map_or(0, |t| t + 1);
    let mut worker = Worker::begin(shared, i, thread);
    loop {
        match worker.chunk() {
            Step::More if stop.load(Relaxed) => return Ok(()),
            Step::More => {}
            Step::Done => {
                worker.result();
                return Ok(());
            }
            Step::Failed => {
                raising(shared.header);
                stop.store(true, Relaxed);
                return Err(i);
            }
        }
    }
}
