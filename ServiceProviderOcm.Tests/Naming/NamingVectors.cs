using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Naming;

/// <summary>Names as the platform computes them, read from <c>naming.json</c>.</summary>
internal static class NamingVectors
{
    public static IEnumerable<TestCaseData> TenantNamespaces => Cases("tenantNamespace", "namespace", "name");

    public static IEnumerable<TestCaseData> RequestNames => Cases("requestName", "controllerName", "localName", "suffix");

    public static IEnumerable<TestCaseData> Shortened => Cases("shorten", "input", "max");

    private static IEnumerable<TestCaseData> Cases(string function, params string[] arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Naming", "naming.json");
        return KubeObject.Parse(File.ReadAllText(file)).Json.Items(function).Select(vector =>
            new TestCaseData([.. arguments.Select(name => Value(vector.GetProperty(name)))]) { ExpectedResult = vector.Text("expected") });
    }

    private static object Value(JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Number ? argument.GetInt32() : argument.GetString()!;
}
