using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChangePaceTests
{
    private const int Large = 250_000;

    private static readonly ControllerOptions Options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ChangePace _pace;

    public ChangePaceTests() => _pace = new ChangePace(Options, _time);

    [Test]
    public void Large_OCMs_of_a_namespace_wait_for_each_other()
    {
        var delays = Enumerable.Range(0, 100).Select(number => _pace.DelayOf(An($"mcp-{number}"), Large)).ToList();

        Assert.That(delays.Take(10), Is.All.EqualTo(TimeSpan.Zero));
        Assert.That(delays, Is.Ordered);
        Assert.That(delays[^1].TotalSeconds, Is.EqualTo((100.0 * Large - Options.NamespaceBurstBytes) / Options.NamespaceBytesPerSecond).Within(1));
    }

    [Test]
    public void Other_namespaces_do_not_wait_for_them()
    {
        Exhaust();

        Assert.That(_pace.DelayOf(new ObjectKey("other", "mcp"), Large), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Usual_OCMs_and_control_planes_of_the_namespace_do_not_wait_for_them()
    {
        Exhaust();

        Assert.That((_pace.DelayOf(An("usual"), 4_000), _pace.DelayOf(An("control-plane"))), Is.EqualTo((TimeSpan.Zero, TimeSpan.Zero)));
    }

    [Test]
    public void No_change_waits_longer_than_allowed_whatever_came_before()
    {
        Exhaust();
        Exhaust();

        Assert.That(_pace.DelayOf(An("mcp"), Large), Is.EqualTo(Options.LongestNamespaceDelay));
        _time.Advance(Options.LongestNamespaceDelay + TimeSpan.FromSeconds(1));
        Assert.That(_pace.DelayOf(An("next"), Large), Is.EqualTo(TimeSpan.Zero));
    }

    private static ObjectKey An(string name) => new("ns", name);

    private void Exhaust()
    {
        for (var number = 0; number < 5_000; number++)
        {
            _pace.DelayOf(An($"mcp-{number}"), Large);
        }
    }
}
