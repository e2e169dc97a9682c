// For readers that do not use workgroup memory.

fn prepare_reader(local: u32) {}
