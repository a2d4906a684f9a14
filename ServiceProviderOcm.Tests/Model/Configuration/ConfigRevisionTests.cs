using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class ConfigRevisionTests
{
    private const string Spec = """{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] } }""";

    [TestCase("""{ "values": { "b": [{ "d": "x", "c": null }], "a": 1 }, "chartURL": "registry/chart" }""", true)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] }, "pollInterval": "5m" }""", true)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] }, "rollout": { "paused": true } }""", true)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] }, "revisionHistoryLimit": 3 }""", true)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "d": "x" }] } }""", false)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 2, "b": [{ "c": null, "d": "x" }] } }""", false)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] }, "driftDetection": { "mode": "warn" } }""", false)]
    [TestCase("""{ "chartURL": "registry/chart", "values": { "a": 1, "b": [{ "c": null, "d": "x" }] }, "aFieldOfTheFuture": 1 }""", false)]
    public void A_revision_stands_for_all_that_determines_installations_whatever_the_order_of_fields(string spec, bool isSame) =>
        Assert.That(An.Config(spec).Revision == An.Config(Spec).Revision, Is.EqualTo(isSame));

    [Test]
    public void A_revision_is_a_short_hash_that_stays_the_same_over_releases() =>
        Assert.That(An.Config("""{ "chartURL": "registry/chart" }""").Revision, Is.EqualTo("118a9af5a9"));

    [Test]
    public void A_stored_revision_is_read_as_it_was()
    {
        var config = An.Config(Spec);
        var stored = StoredRevision.Manifest(An.Identity, config.Revision, JsonReading.Parse(Spec), 3);

        var read = StoredRevision.Read(An.Identity, stored);

        Assert.That((read!.Revision, read.Chart.Url, StoredRevision.NumberOf(stored)), Is.EqualTo((config.Revision, config.Chart.Url, 3)));
    }

    [Test]
    public void A_stored_revision_that_is_not_what_its_label_says_is_not_used() =>
        Assert.That(StoredRevision.Read(An.Identity, StoredRevision.Manifest(An.Identity, "0123456789", JsonReading.Parse(Spec), 1)), Is.Null);
}
