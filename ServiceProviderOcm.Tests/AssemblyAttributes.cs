using NUnit.Framework;

// Most tests wait most of the time: for a server, for a process, for a watch. Hence more of them at once than there are cores.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(8)]
