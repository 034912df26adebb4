//! The executable: commands as a user would type them, exit codes, signals, logs.
