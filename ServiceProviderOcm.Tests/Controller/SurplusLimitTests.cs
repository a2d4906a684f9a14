using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Tests.Controller;

public sealed class SurplusLimitTests
{
    private static readonly InformerLimits Limits = new() { Objects = 100, StoreBytes = 10_000 };

    // The namespace may have 20.
    [TestCase(150, 130, 130, 90, 5_000, "ocms_per_namespace", 20, 150, TestName = "As_many_are_known_as_the_namespace_may_have")]
    [TestCase(150, 140, 140, 100, 5_000, "ocms", 100, 300, TestName = "The_number_of_all_is_used_up")]
    [TestCase(15, 5, 5, 100, 5_000, "ocms", 100, 300, TestName = "The_number_of_all_is_used_up_and_the_namespace_is_within_its_own")]
    [TestCase(45, 40, 5, 100, 5_000, "ocms", 100, 300, TestName = "Unreadable_ones_do_not_use_up_the_number_of_a_namespace")]
    [TestCase(15, 5, 5, 50, 9_990, "ocm_store_bytes", 10_000, 49_750, TestName = "The_memory_for_all_is_used_up")]
    [TestCase(15, 5, 5, 0, 0, "ocms", 100, 200, TestName = "None_is_known_any_more")]
    public void The_limit_of_a_namespace_or_of_all(
        int actual, int counted, int readable, int known, long bytes, string name, long limit, long expected)
    {
        var ofNamespace = new ExceededLimit("ocms_per_namespace", "--max-ocms-per-namespace", 20, actual);

        var exceeded = SurplusLimit.Of(ofNamespace, (counted, readable), unreadable: 0, (known, bytes), allCounted: 200, Limits);

        Assert.That((exceeded.Name, exceeded.Limit, exceeded.Actual), Is.EqualTo((name, limit, expected)));
    }

    [Test]
    public void The_message_names_the_limit_of_all_namespaces_and_the_memory_that_they_take()
    {
        var exceeded = SurplusLimit.Of(
            new ExceededLimit("n", "s", 20, 15), (5, 5), unreadable: 0, (50, 9_990), allCounted: 200, Limits);

        Assert.That(SurplusEvent.MessageOf("ns", 5, exceeded), Does.StartWith(
            "All namespaces together have about 49750 bytes of OCMs in memory, the limit is 10000 (--max-ocm-store-bytes), "
            + "and namespace ns is one of those with the most. 5 of the newest are only counted: "));
    }

    [TestCase(100, "Namespace ns has 130 OCMs that cannot be read, and the limit is 100 per namespace.")]
    [TestCase(3, "Namespace ns has 33 OCMs that cannot be read, and the limit is 20 of all namespaces, a fifth of --max-ocms.")]
    public void If_only_unreadable_ones_are_counted_the_message_names_the_limit_of_these(int unreadable, string cause)
    {
        var exceeded = SurplusLimit.Of(
            new ExceededLimit("ocms_per_namespace", "--max-ocms-per-namespace", 20, 45), (30, 0), unreadable, (50, 9_990), 200, Limits);

        Assert.That(LimitMetrics.Names, Does.Contain(exceeded.Name));
        Assert.That(SurplusEvent.MessageOf("ns", 30, exceeded), Is.EqualTo(
            $"{cause} 30 of these are only counted: their status is not written, and they are not installed or updated. "
            + "What is installed stays. Correct or delete OCMs that cannot be read."));
    }
}
