//! The work of a worker, as in strategies/work.c.

use crate::shared::*;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The compiler doesn't know what comes out of this, nor whether it is used (std::hint::black_box
/// is younger than Debian 12's compiler).
fn keep<T>(value: T) -> T {
    unsafe { std::arch::asm!("/* {0} */", in(reg) &value as *const T, options(nostack, preserves_flags)) };
    value
}

/// The kernel of runtime/kernel.c.
#[inline(never)]
fn run(iterations: u64, mut state: u64) -> u64 {
    for _ in 0..iterations {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        state ^= state >> 29;
    }
    state
}

/// How long a quantum takes, ns: the median of n windows of 1 ms, as in runtime/kernel.c.
fn quantum(iterations: u64, n: usize) -> f64 {
    const QUANTA: u32 = 4000;
    let word = AtomicU32::new(0);
    let mut state = 1;
    let mut windows: Vec<u64> = (0..n)
        .map(|_| {
            let start = now();
            for _ in 0..QUANTA {
                state = run(iterations, state);
                if keep(&word).load(Relaxed) != 0 {
                    break;
                }
            }
            now() - start
        })
        .collect();
    keep(state);
    windows.sort_unstable();
    windows[n / 2] as f64 / QUANTA as f64
}

pub fn calibrate(h: &Header) {
    let mut iterations = 100.0;
    for _ in 0..3 {
        iterations *= h.quantum_ns as f64 / quantum(f64::round(iterations) as u64, 101);
    }
    h.iterations_per_quantum.store(f64::round(iterations) as u64, Relaxed);
    measure(h);
}

pub fn measure(h: &Header) {
    let ns = quantum(h.iterations_per_quantum.load(Relaxed), 10);
    h.quantum_ps.store((1000.0 * ns) as u64, Relaxed);
}

pub enum Step {
    More,
    Done,
    Failed,
}

/// A worker at work: between begin and end.
pub struct Worker {
    shared: Shared,
    index: usize,
    iterations: u64,
    state: u64,
    set: Vec<u8>,
}

fn touched(bytes: u64) -> Vec<u8> {
    let mut memory = vec![0u8; bytes as usize];
    for at in (0..memory.len()).step_by(4096) {
        memory[at] = 1;
    }
    keep(memory)
}

impl Worker {
    /// thread: that runs it, from 1; 0: not known.
    pub fn begin(shared: Shared, index: usize, thread: usize) -> Worker {
        let (h, row) = (shared.header, shared.row(index));
        row.begin = now();
        row.thread = thread as u32;
        row.at_error = UNSEEN;
        if h.error_word.load(Relaxed) != 0 {
            row.late = 1;
            row.at_error = 0;
        }
        row.outcome = CUT; // until it is known better: a task may be dropped while it waits
        let iterations = h.iterations_per_quantum.load(Relaxed);
        Worker { shared, index, iterations, state: index as u64 + 1, set: touched(h.memory_bytes) }
    }

    /// Computes until the next poll or the end.
    pub fn chunk(&mut self) -> Step {
        let (h, row) = (self.shared.header, self.shared.row(self.index));
        let planned = self.shared.task(self.index).quanta;
        let next = if h.kind() == CPU { row.quanta as u64 + h.poll_quanta() } else { u64::MAX };
        while row.quanta < planned {
            self.state = run(self.iterations, self.state);
            row.quanta += 1;
            if row.at_error == UNSEEN && h.error_word.load(Relaxed) != 0 {
                row.at_error = row.quanta;
            }
            if row.quanta as u64 >= next && row.quanta < planned {
                row.polls += 1;
                if h.poll_cost_ns > 0 {
                    let iterations = h.poll_cost_ns * self.iterations / h.quantum_ns as u64;
                    self.state = run(iterations, self.state);
                }
                return Step::More;
            }
        }
        self.finish()
    }

    /// The work is over: as chunk's last, or a wait's.
    pub fn finish(&mut self) -> Step {
        let (h, row) = (self.shared.header, self.shared.row(self.index));
        let task = self.shared.task(self.index);
        keep(self.state);
        row.quanta = task.quanta;
        row.stop = now();
        if task.fails != 0 {
            row.outcome = FAILED;
            h.error_word.store(1, Relaxed);
            return Step::Failed;
        }
        row.outcome = WHOLE;
        Step::Done
    }

    /// When a worker that waits is done.
    pub fn deadline_ns(&self) -> u64 {
        let row = self.shared.row(self.index);
        let quanta = self.shared.task(self.index).quanta as u64;
        row.begin + quanta * self.shared.header.quantum_ns as u64
    }

    /// What it reports if it succeeds.
    pub fn result(&self) -> Vec<u8> {
        touched(self.shared.header.result_bytes)
    }
}

/// Ends it; cut short, if its work isn't over. A future that is aborted is dropped, and this with it.
impl Drop for Worker {
    fn drop(&mut self) {
        let row = self.shared.row(self.index);
        if row.stop == 0 {
            row.stop = now();
        }
        self.set = Vec::new();
        row.end = now();
    }
}

/// A call's stamps.
pub fn seen(h: &Header) {
    let _ = h.error_seen.compare_exchange(0, now(), Relaxed, Relaxed);
}

pub fn raising(h: &Header) {
    let _ = h.cancel_at.compare_exchange(0, now(), Relaxed, Relaxed);
}
