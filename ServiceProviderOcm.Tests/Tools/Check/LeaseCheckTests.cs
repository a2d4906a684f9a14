using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class LeaseCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectKey Key = new("provider-system", "lease");

    [TestCase(true, CheckStatus.Warning, "no replica has started yet")]
    [TestCase(false, CheckStatus.Ok, "without --leader-elect")]
    public void A_missing_Lease_is_a_warning_only_with_leader_election(bool isElecting, CheckStatus status, string said) =>
        Expect(LeaseCheck.Of("Lease", Key, null, isElecting, Now), status, said);

    [TestCase("pod-1", "2026-01-31T11:59:58.000000Z", CheckStatus.Ok, "pod-1 has led since 2026-01-31T09:00:00Z")]
    [TestCase("pod-1", "2026-01-31T12:03:00.000000Z", CheckStatus.Ok, "pod-1 has led")]
    [TestCase("pod-1", "2026-01-31T11:50:00.000000Z", CheckStatus.Warning, "last renewed by pod-1 at 2026-01-31T11:50:00Z")]
    [TestCase("", "2026-01-31T11:59:58.000000Z", CheckStatus.Warning, "released")]
    public void The_result_names_the_leader_and_when_it_was_elected(string holder, string renewed, CheckStatus status, string said) =>
        Expect(LeaseCheck.Of("Lease", Key, Lease(holder, renewed), isElecting: false, Now), status, said);

    private static void Expect(CheckResult result, CheckStatus status, string said)
    {
        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(result.Message, Does.Contain(said));
    }

    private static KubeObject Lease(string holder, string renewed) => KubeObject.Parse($$"""
        {
          "metadata": { "namespace": "provider-system", "name": "lease" },
          "spec": {
            "holderIdentity": "{{holder}}", "leaseDurationSeconds": 15,
            "acquireTime": "2026-01-31T09:00:00.000000Z", "renewTime": "{{renewed}}"
          }
        }
        """);
}
