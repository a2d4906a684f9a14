using System.Globalization;
using ServiceProviderOcm.Worker.Logging;

namespace ServiceProviderOcm.Sandbox.View;

/// <summary>One line for each thing that happens, for files and pipes.</summary>
internal sealed class PlainView(TextWriter output) : IView
{
    /// <summary>What has happened, in a line.</summary>
    public static string Line(Happening happening) => OneLine.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{happening.At:HH:mm:ss.f}  {happening.Subject,-32}  {happening.Kind,-13}  {happening.State,-11}  {happening.Message}").TrimEnd());

    public void Say(string text) => output.WriteLine(text);

    public async Task ShowAsync(Following following, Func<Standing, bool> isEnough, bool isLast, CancellationToken cancellationToken)
    {
        await foreach (var standing in following.ReadAsync(cancellationToken))
        {
            output.WriteLine(Line(standing.Latest[^1]));
            if (isEnough(standing))
            {
                return;
            }
        }
    }
}
