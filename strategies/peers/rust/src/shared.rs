//! The layout of include/quench/child.h, which says what each field is, and the two pipes.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::io::FromRawFd;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

pub const ABI: u32 = 1;
const MAGIC: &[u8; 8] = b"quenchCH";
const FD_MAPPING: i32 = 3;
const FD_COMMANDS: i32 = 4;
const FD_ANSWERS: i32 = 5;

pub const READY: u32 = 1;
pub const CALL: u32 = 2;
pub const DONE: u32 = 3;
pub const MEASURE: u32 = 4;
pub const MEASURED: u32 = 5;
pub const BYE: u32 = 6;

pub const CPU: u32 = 0;
pub const WAIT: u32 = 1;
pub const DEAF: u32 = 2;

// an outcome; 0: it never began
pub const WHOLE: u32 = 1;
pub const FAILED: u32 = 2;
pub const CUT: u32 = 3;

pub const UNSEEN: u32 = u32::MAX;

#[repr(C)]
pub struct Header {
    magic: [u8; 8],
    abi: u32,
    header_bytes: u32,
    task_bytes: u32,
    row_bytes: u32,
    total_bytes: u64,
    tasks_at: u64,
    rows_at: u64,
    room: u32,
    pub threads: u32,
    pub quantum_ns: u32,
    reserved_first: u32,
    pub poll_cost_ns: u64,
    pub memory_bytes: u64,
    pub result_bytes: u64,
    poll_quanta: AtomicU64,
    workers: AtomicU32,
    kind: AtomicU32,
    reserved: [u64; 3],
    pub iterations_per_quantum: AtomicU64,
    pub quantum_ps: AtomicU64,
    pub t0: AtomicU64,
    pub error_seen: AtomicU64,
    pub cancel_at: AtomicU64,
    pub return_at: AtomicU64,
    pub settle_at: AtomicU64,
    pub returned: AtomicU32,
    leaked: u32,
    pub error_word: AtomicU32,
    reserved_word: u32,
    reserved_line: [u64; 7],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Task {
    pub quanta: u32,
    pub fails: u32,
}

#[repr(C)]
pub struct Row {
    pub begin: u64,
    pub stop: u64,
    pub end: u64,
    pub quanta: u32,
    pub at_error: u32,
    pub polls: u32,
    pub outcome: u32,
    pub late: u32,
    pub thread: u32,
    reserved: [u64; 2],
}

/// Of the call: Quench sets them before each.
impl Header {
    pub fn poll_quanta(&self) -> u64 {
        self.poll_quanta.load(Relaxed)
    }

    pub fn workers(&self) -> usize {
        self.workers.load(Relaxed) as usize
    }

    pub fn kind(&self) -> u32 {
        self.kind.load(Relaxed)
    }
}

/// What both sides share. Between CALL and DONE each row belongs to its worker.
#[derive(Clone, Copy)]
pub struct Shared {
    pub header: &'static Header,
    tasks: *const Task,
    rows: *mut Row,
}

unsafe impl Send for Shared {}
unsafe impl Sync for Shared {}

impl Shared {
    /// Maps it, and refuses what it doesn't know.
    pub fn map() -> Result<Shared, String> {
        let mut stat: libc::stat = unsafe { std::mem::zeroed() };
        if unsafe { libc::fstat(FD_MAPPING, &mut stat) } != 0 {
            return Err(format!("no mapping at descriptor {FD_MAPPING}: start me through quench"));
        }
        let bytes = stat.st_size as usize;
        if bytes < std::mem::size_of::<Header>() {
            return Err(format!("a mapping of {bytes} bytes has no header"));
        }
        let at = unsafe {
            let access = libc::PROT_READ | libc::PROT_WRITE;
            libc::mmap(std::ptr::null_mut(), bytes, access, libc::MAP_SHARED, FD_MAPPING, 0)
        };
        if at == libc::MAP_FAILED {
            return Err("the mapping can't be mapped".into());
        }
        let header = unsafe { &*(at as *const Header) };
        if &header.magic != MAGIC || header.abi != ABI {
            return Err(format!("the mapping is of version {}; I know version {ABI}", header.abi));
        }
        let end = |at: u64, each: u32| at.saturating_add(header.room as u64 * each as u64);
        if header.header_bytes as usize != std::mem::size_of::<Header>()
            || header.task_bytes as usize != std::mem::size_of::<Task>()
            || header.row_bytes as usize != std::mem::size_of::<Row>()
            || header.total_bytes as usize > bytes
            || end(header.tasks_at, header.task_bytes) > header.total_bytes
            || end(header.rows_at, header.row_bytes) > header.total_bytes
        {
            return Err(format!("the mapping's sizes are not those of version {ABI}"));
        }
        let tasks = unsafe { (at as *const u8).add(header.tasks_at as usize) } as *const Task;
        let rows = unsafe { (at as *mut u8).add(header.rows_at as usize) } as *mut Row;
        Ok(Shared { header, tasks, rows })
    }

    pub fn task(&self, i: usize) -> Task {
        unsafe { *self.tasks.add(i) }
    }

    /// Worker i's, which nothing but that worker may ask for.
    #[allow(clippy::mut_from_ref)]
    pub fn row(&self, i: usize) -> &mut Row {
        unsafe { &mut *self.rows.add(i) }
    }
}

pub struct Pipes {
    commands: File,
    answers: File,
}

impl Pipes {
    pub fn open() -> Pipes {
        unsafe {
            Pipes {
                commands: File::from_raw_fd(FD_COMMANDS),
                answers: File::from_raw_fd(FD_ANSWERS),
            }
        }
    }

    /// Waits for the next message; when there are no more, it is BYE.
    pub fn hear(&mut self) -> (u32, u32) {
        let mut bytes = [0u8; 8];
        if self.commands.read_exact(&mut bytes).is_err() {
            return (BYE, 0);
        }
        let word = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap());
        (word(0), word(4))
    }

    pub fn say(&mut self, what: u32, number: u32) {
        let mut bytes = [0u8; 8];
        bytes[..4].copy_from_slice(&what.to_ne_bytes());
        bytes[4..].copy_from_slice(&number.to_ne_bytes());
        let _ = self.answers.write_all(&bytes); // who doesn't hear it hangs up, which hear() sees
    }
}

/// CLOCK_MONOTONIC, ns.
pub fn now() -> u64 {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut ts) };
    ts.tv_sec as u64 * 1_000_000_000 + ts.tv_nsec as u64
}
