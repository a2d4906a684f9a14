using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

namespace ServiceProviderOcm.Tests.Kubernetes.ServerSideApply;

public sealed class LearnedDefaultsTests
{
    [Test]
    public void The_oldest_default_is_dropped_when_there_are_too_many()
    {
        var defaults = new LearnedDefaults(capacity: 2);
        foreach (var field in (string[])["a", "b", "a", "c"])
        {
            defaults.Add(field);
        }

        Assert.That(defaults.Known, Is.EquivalentTo(["b", "c"]));
    }

    [Test]
    public void Defaults_that_a_caller_has_received_do_not_change()
    {
        var defaults = new LearnedDefaults(capacity: 1);
        defaults.Add("a");
        var before = defaults.Known;

        defaults.Add("b");

        Assert.That(before, Is.EqualTo(["a"]));
    }
}
