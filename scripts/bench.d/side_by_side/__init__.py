"""What the workloads share: the backup, the peers, our server, and how they are run."""
