using System.Globalization;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Tools.Render;

/// <summary>What does not depend on the API group and takes long.</summary>
public sealed class RenderDepthTests
{
    [TestCase("{\"a\":", "}", "{{\"apiVersion\":\"ocm.services.openmcp.cloud/v1alpha1\",\"kind\":\"OCM\",\"metadata\":{{\"name\":\"a\",\"namespace\":\"n\"}},\"spec\":{{\"version\":\"1\"}},\"status\":{0}}}")]
    [TestCase("{a: ", "}", "apiVersion: ocm.services.openmcp.cloud/v1alpha1\nkind: OCM\nmetadata: {{name: a, namespace: ns}}\nspec: {{version: '1'}}\nstatus: {0}")]
    public async Task Input_may_be_nested_as_deep_as_an_API_server_stores_it(string open, string close, string form)
    {
        var nested = string.Concat(Enumerable.Repeat(open, 9_900)) + "1" + string.Concat(Enumerable.Repeat(close, 9_900));
        var run = await RenderRun.OfAsync(
            string.Format(CultureInfo.InvariantCulture, form, nested),
            "apiVersion: ocm.services.openmcp.cloud/v1alpha1\nkind: ProviderConfig\nmetadata: {name: ocm}\nspec: {chartURL: r.example/c}");

        Assert.That(run.ExitCode, Is.Zero, string.Join('\n', run.Errors));
    }
}
