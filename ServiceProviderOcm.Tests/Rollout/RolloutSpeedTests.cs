using System.Diagnostics;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

public sealed class RolloutSpeedTests
{
    private const int Ocms = 1000;

    [Test]
    public void A_decision_about_1000_OCMs_takes_less_than_5_ms_and_256_KiB()
    {
        var fleet = Fleet();
        var (shortest, bytes) = (TimeSpan.MaxValue, 0L);
        for (var round = 0; round < 100; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            RolloutDecider.Decide(fleet, RolloutSettings.Default, An.Now);
            var elapsed = Stopwatch.GetElapsedTime(started);
            shortest = elapsed < shortest ? elapsed : shortest;
            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Assert.That((shortest < TimeSpan.FromMilliseconds(5), bytes < 256 << 10), Is.EqualTo((true, true)), $"{shortest}, {bytes} bytes");
    }

    private static RolloutFleet Fleet()
    {
        var simulation = new Simulation(
            Enumerable.Range(0, Ocms).Select(number => new Response { BadRevision = number % 33 == 0 ? "B" : null, IsCanary = number % 100 == 0 }),
            RolloutSettings.Default).RollOut("B", 2);
        return new RolloutFleet(Ocms, [.. simulation.Ocms.Select(ocm => ocm.ToMember("C")!)], An.Now);
    }
}
