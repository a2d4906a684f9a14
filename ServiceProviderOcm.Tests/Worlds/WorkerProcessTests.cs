using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

[Category("Worker")]
[Platform("Linux")]
public sealed class WorkerProcessTests
{
    [Test]
    public async Task Nothing_is_left_of_a_Worker_that_has_ended_that_would_kill_what_gets_its_ID()
    {
        var mark = $"--{Guid.NewGuid():N}";
        await using var worker = WorkerProcess.Start(["run", mark], new Dictionary<string, string?>());

        await worker.EndAsync();

        await Eventually.Async(() => !ProcessList.HasAny(mark), "the guard has ended");
    }
}
