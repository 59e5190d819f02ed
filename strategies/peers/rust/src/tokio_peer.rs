//! tokio: a task a worker in a JoinSet, and abort_all at the first error.

use crate::shared::*;
use crate::work::*;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

pub struct Tokio(Runtime);

impl Tokio {
    pub fn open(h: &Header) -> Result<Tokio, String> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(h.threads as usize).enable_time().build();
        runtime.map(Tokio).map_err(|e| e.to_string())
    }

    /// Returns the index of the worker whose error is returned.
    pub fn call(&self, shared: Shared) -> Result<(), usize> {
        self.0.block_on(async {
            let mut set = JoinSet::new();
            let mut first = Ok(());
            for i in 0..shared.header.workers() {
                set.spawn(work(shared, i));
            }
            while let Some(joined) = set.join_next().await {
                if let (Ok(Err(worker)), Ok(())) = (&joined, &first) {
                    seen(shared.header);
                    raising(shared.header);
                    set.abort_all();
                    first = Err(*worker);
                }
            }
            first
        })
    }
}

/// An abort takes at an await only, so work that is to be aborted must yield.
async fn work(shared: Shared, i: usize) -> Result<Vec<u8>, usize> {
    let mut worker = Worker::begin(shared, i, 0);
    loop {
        let step = if shared.header.kind() == WAIT {
            let left = worker.deadline_ns().saturating_sub(now());
            tokio::time::sleep(Duration::from_nanos(left)).await;
            worker.finish()
        } else {
            worker.chunk()
        };
        match step {
            Step::More => tokio::task::yield_now().await,
            Step::Done => return Ok(worker.result()),
            Step::Failed => return Err(i),
        }
    }
}
