using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Printing;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

public sealed class TablesTests
{
    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m")]
    [TestCase(125, "2m5s")]
    [TestCase(3600, "60m")]
    [TestCase((3 * 3600) + 60, "3h1m")]
    [TestCase(86400, "24h")]
    [TestCase((2 * 86400) + 3600, "2d1h")]
    [TestCase(10 * 86400, "10d")]
    [TestCase(800L * 86400, "2y70d")]
    public void Ages_are_formatted_as_kubectl_does(long seconds, string expected) =>
        Assert.That(Tables.Age(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [TestCase(".a", "1")]
    [TestCase(".b.c", "\"x\"")]
    [TestCase(".l[1]", "2")]
    [TestCase(""".conditions[?(@.type=="Ready")].status""", "\"True\"")]
    [TestCase(""".conditions[?(@.type=='Other')].status""", null)]
    [TestCase(@".m.example\.com", "3")]
    [TestCase(".nothing.there", null)]
    public void JSON_paths_of_columns_find_their_value(string path, string? expected)
    {
        var subject = JsonReading.Parse(
            """{"a":1,"b":{"c":"x"},"l":[1,2],"m":{"example.com":3},"conditions":[{"type":"Synced","status":"False"},{"type":"Ready","status":"True"}]}""");

        Assert.That(JsonPath.Find(subject, path)?.GetRawText(), Is.EqualTo(expected));
    }
}
