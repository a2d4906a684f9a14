using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Tests.Report;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportPaceTests
{
    private const int OcmsPerNamespace = 20;

    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ReportPace _pace;

    public ReportPaceTests() => _pace = new ReportPace(OcmsPerNamespace, _time);

    [Test]
    public void An_OCM_is_reported_30_times_at_once_and_then_once_per_10_seconds()
    {
        Assert.That(Enumerable.Range(0, 30).Select(_ => _pace.TryTake(An("mcp"))), Is.All.EqualTo(TimeSpan.Zero));
        for (var later = 0; later < 3; later++)
        {
            var wait = _pace.TryTake(An("mcp"));
            Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(Tolerance));
            _time.Advance(wait);
            Assert.That(_pace.TryTake(An("mcp")), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void A_namespace_is_reported_5_times_at_once_per_OCM_that_is_kept_and_then_5_times_per_second()
    {
        Assert.That(Enumerable.Range(0, 5 * OcmsPerNamespace).Select(number => _pace.TryTake(An($"{number}"))), Is.All.EqualTo(TimeSpan.Zero));
        for (var next = 1; next <= 10; next++)
        {
            Assert.That(_pace.TryTake(An($"next-{next}")), Is.EqualTo(TimeSpan.FromMilliseconds(200 * next)).Within(Tolerance));
        }
    }

    [Test]
    public void All_OCMs_that_a_namespace_may_have_are_installed_without_delay()
    {
        var large = new ReportPace(2000, _time);

        Assert.That(
            Enumerable.Range(0, 2000 * ReportPace.NamespaceBurstPerOcm).Select(number => large.TryTake(An($"{number % 2000}"))),
            Is.All.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void An_OCM_that_changes_several_times_a_minute_is_reported_without_delay()
    {
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.That(Enumerable.Range(0, 6).Select(_ => _pace.TryTake(An("mcp"))), Is.All.EqualTo(TimeSpan.Zero), $"minute {minute}");
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Test]
    public void All_OCMs_of_a_namespace_share_its_turns_and_wait_for_each_other_in_order()
    {
        const int Attackers = 200;
        var taken = Enumerable.Range(0, Attackers).ToDictionary(number => An($"{number}"), _ => 0);
        var queue = new PriorityQueue<ObjectKey, TimeSpan>(taken.Keys.Select(ocm => (ocm, TimeSpan.Zero)));
        var start = _time.GetTimestamp();
        var attempts = 0;
        while (queue.TryDequeue(out var ocm, out var due) && due < Hour)
        {
            _time.Advance(due - _time.GetElapsedTime(start));
            attempts++;
            var wait = _pace.TryTake(ocm);
            taken[ocm] += wait == TimeSpan.Zero ? 1 : 0;
            queue.Enqueue(ocm, due + wait);
        }

        using (Assert.EnterMultipleScope())
        {
            const double Most = (OcmsPerNamespace * ReportPace.NamespaceBurstPerOcm) + (3600 * ReportPace.NamespacePerSecond);
            Assert.That(taken.Values.Sum(), Is.LessThanOrEqualTo(Most + 1).And.GreaterThan(Most - Attackers));
            Assert.That(taken.Values.Max() - taken.Values.Min(), Is.LessThanOrEqualTo(ReportPace.OcmBurst));
            Assert.That(attempts, Is.LessThan(3 * Most), "an OCM is asked for again when its turn has come");
        }
    }

    [Test]
    public void Other_namespaces_do_not_wait()
    {
        for (var number = 0; number < 1000; number++)
        {
            _pace.TryTake(An($"{number}"));
        }

        Assert.That(_pace.TryTake(An("next")), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(_pace.TryTake(new ObjectKey("other", "mcp")), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void What_is_known_of_OCMs_that_are_gone_is_dropped_in_time()
    {
        for (var number = 0; number < 1000; number++)
        {
            _pace.TryTake(An($"{number}"));
            _pace.Drop(An($"{number}"));
        }

        Assert.That(_pace.Count, Is.GreaterThan(0));
        _time.Advance(Hour);
        Assert.That(_pace.Count, Is.Zero);
    }

    private static ObjectKey An(string name) => new("ns", name);
}
