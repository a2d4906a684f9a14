using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Packaging.Documents;

namespace ServiceProviderOcm.Packaging;

/// <summary>The command line, as <c>scripts/release</c> and <c>scripts/base-layout</c> use it.</summary>
internal static class PackCommand
{
    private static readonly Option<string> Output = Required("--output", "The folder to write");
    private static readonly Option<string> Created = Required("--created", "The time of all files, in seconds since 1970");

    public static RootCommand Create() => new("Make the files of a version") { Base(), Pack() };

    private static Command Base()
    {
        var roots = new Option<string[]>("--root") { Description = "ARCHITECTURE=FOLDER with the files of a base image", Required = true };
        var command = new Command("base", "Make the OCI image layout of a base image") { Output, Created, roots };
        command.SetAction(result => Run(result, () =>
            BaseImage.Write(ByArchitecture(result.GetRequiredValue(roots)), Time(result), result.GetRequiredValue(Output))));
        return command;
    }

    private static Command Pack()
    {
        var programs = new Option<string[]>("--program") { Description = "ARCHITECTURE=FOLDER of a published program", Required = true };
        var repository = Required("--repository", "The root of the repository");
        var baseLayout = Required("--base", "The OCI image layout of the base image");
        var baseName = new Option<string?>("--base-name") { Description = "NAME@DIGEST of the base image in its registry" };
        var version = Required("--version-number", "The version");
        var revision = Required("--revision", "The commit");
        var source = Required("--source", "The URL of the repository");
        var image = Required("--image", "The name of the image, without tag");
        var component = Required("--component", "The name of the OCM component");
        var provider = Required("--provider", "The provider of the OCM component");
        var sdk = Required("--sdk", "The version of the .NET SDK");
        var tools = new Option<string[]>("--tool") { Description = "NAME=VERSION of what the program was linked with" };
        var builder = Required("--builder", "The URL of the script or workflow");
        var invocation = new Option<string?>("--invocation") { Description = "The URL of the workflow's run" };
        var released = new Option<bool>("--released") { Description = "Fail if the changelog has no section of the version" };
        var command = new Command("pack", "Make image, SBOM, provenance, manifests, component constructor and checksums")
        {
            Output, Created, programs, repository, baseLayout, baseName, version, revision, source, image, component, provider, sdk, tools, builder,
            invocation, released,
        };
        command.SetAction(result => Run(result, () => Packer.Pack(new PackOptions
        {
            Facts = new VersionFacts(
                result.GetRequiredValue(version), result.GetRequiredValue(revision), Time(result), new Uri(result.GetRequiredValue(source)),
                result.GetRequiredValue(image)),
            Repository = result.GetRequiredValue(repository),
            BaseLayout = result.GetRequiredValue(baseLayout),
            BaseName = result.GetValue(baseName) is { Length: > 0 } name ? name : null,
            Programs = ByArchitecture(result.GetRequiredValue(programs)),
            Component = result.GetRequiredValue(component),
            Provider = result.GetRequiredValue(provider),
            Sdk = result.GetRequiredValue(sdk),
            Tools = result.GetValue(tools) ?? [],
            Builder = new Uri(result.GetRequiredValue(builder)),
            Invocation = result.GetValue(invocation) is { Length: > 0 } run ? new Uri(run) : null,
            IsReleased = result.GetValue(released),
            Output = result.GetRequiredValue(Output),
        })));
        return command;
    }

    // Prints the digest of the image.
    private static int Run(ParseResult result, Func<string> write)
    {
        try
        {
            result.InvocationConfiguration.Output.WriteLine(write());
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or FormatException
            or ArgumentException or JsonException)
        {
            result.InvocationConfiguration.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    private static DateTimeOffset Time(ParseResult result) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(result.GetRequiredValue(Created), CultureInfo.InvariantCulture));

    private static Dictionary<string, string> ByArchitecture(IEnumerable<string> values) => values
        .Select(value => value.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts.Length == 2 ? parts[1] : throw new FormatException($"{parts[0]} has no folder"));
}
