// For readers that keep nothing in workgroup memory.

fn prepare_reader(local: u32) {}
