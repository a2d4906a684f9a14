using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class LeaseFindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectKey Key = new("provider-system", "lease");

    [TestCase(true, FindingStatus.Warning, "no replica has run yet")]
    [TestCase(false, FindingStatus.Ok, "without --leader-elect")]
    public void Without_a_Lease_it_depends_on_whether_one_is_needed(bool isElecting, FindingStatus status, string said) =>
        Expect(LeaseFindings.Of("Lease", Key, null, isElecting, Now), status, said);

    [TestCase("pod-1", "2026-01-31T11:59:58.000000Z", FindingStatus.Ok, "pod-1 leads since 2026-01-31T09:00:00Z")]
    [TestCase("pod-1", "2026-01-31T12:03:00.000000Z", FindingStatus.Ok, "pod-1 leads")]
    [TestCase("pod-1", "2026-01-31T11:50:00.000000Z", FindingStatus.Warning, "last renewed by pod-1 at 2026-01-31T11:50:00Z")]
    [TestCase("", "2026-01-31T11:59:58.000000Z", FindingStatus.Warning, "given up")]
    public void Says_who_leads_and_since_when(string holder, string renewed, FindingStatus status, string said) =>
        Expect(LeaseFindings.Of("Lease", Key, Lease(holder, renewed), isElecting: false, Now), status, said);

    private static void Expect(Finding finding, FindingStatus status, string said)
    {
        Assert.That(finding.Status, Is.EqualTo(status));
        Assert.That(finding.Message, Does.Contain(said));
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
